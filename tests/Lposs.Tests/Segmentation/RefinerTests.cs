using Lposs.Arrays;
using Lposs.Imaging;
using Lposs.Models;
using Lposs.Segmentation;
using Xunit;

namespace Lposs.Tests.Segmentation;

public sealed class RefinerTests : IDisposable
{
    private const int Width = 70;
    private const int Height = 48;
    private const int Edge = 37;

    private readonly Refiner _refiner = new(new ComputeOptions { Device = DevicePreference.Cpu });
    private readonly RgbImage _picture = TestPictures.Split(Width, Height, Edge);

    public void Dispose() => _refiner.Dispose();

    [Fact]
    public void The_boundary_of_coarse_labels_moves_to_the_edge_in_the_picture()
    {
        // Squares of 16 pixels: the boundary lies at column 32 instead of 37.
        var coarse = TestPictures.Labels(Width, Height, (x, _) => x / 16 < 2 ? 4 : 9);

        var result = _refiner.Refine(_picture, coarse);

        Assert.Equal(Exact(4, 9), result.Labels.Labels.ToArray());
        Assert.Equal([4, 9], result.ColumnLabels.ToArray());
        Assert.Equal(2, result.PixelSolve!.Steps.Length);
        Assert.Null(result.PatchSolve);
    }

    [Fact]
    public void Labels_of_another_size_are_resized()
    {
        var small = TestPictures.Labels(5, 3, (x, _) => x < 3 ? 0 : 1);

        Assert.Equal(Exact(0, 1), _refiner.Refine(_picture, small).Labels.Labels.ToArray());
    }

    [Fact]
    public void Pixels_to_be_ignored_take_what_their_neighbours_say()
    {
        var holes = TestPictures.Labels(Width, Height, (x, y) => (x / 8 + y / 8) % 2 == 0 ? 255 : x < Edge ? 1 : 300);

        var result = _refiner.Refine(_picture, holes);

        Assert.Equal(Exact(1, 300), result.Labels.Labels.ToArray());
    }

    [Fact]
    public void Nothing_is_ignored_if_nothing_is_to_be()
    {
        var labels = TestPictures.Labels(Width, Height, (x, _) => x < Edge ? 0 : 255);

        var result = _refiner.Refine(_picture, labels, ignore: null);

        Assert.Equal([0, 255], result.ColumnLabels.ToArray());
        Assert.Equal(Exact(0, 255), result.Labels.Labels.ToArray());
    }

    [Fact]
    public void Scores_one_hot_give_the_labels_that_the_label_map_gives()
    {
        var coarse = TestPictures.Labels(Width, Height, (x, y) => x / 16 < 2 ? 0 : y < 20 ? 1 : 2);
        float[] oneHot = new float[Width * Height * 3];
        for (int i = 0; i < Width * Height; i++)
            oneHot[3 * i + coarse.Labels.Span[i]] = 1;
        var settings = new RefinementSettings { WithScores = true, WithConfidence = true };

        var fromLabels = _refiner.Refine(_picture, coarse, settings: settings);
        var fromScores = _refiner.Refine(_picture, new NdArray<float>([Height, Width, 3], oneHot), settings);

        Assert.Equal(fromLabels.Scores!.Span.ToArray(), fromScores.Scores!.Span.ToArray());
        Assert.Equal(fromLabels.Labels.Labels.ToArray(), fromScores.Labels.Labels.ToArray());
        Assert.Equal([Height, Width, 3], fromScores.Scores.Shape.ToArray());
        Assert.Equal([Height, Width], fromScores.Confidence!.Shape.ToArray());
        Assert.Equal([0, 1, 2], fromScores.ColumnLabels.ToArray());
    }

    [Fact]
    public void The_result_may_have_another_size()
    {
        var coarse = TestPictures.Labels(Width, Height, (x, _) => x < Edge ? 0 : 1);

        var result = _refiner.Refine(_picture, coarse, settings: new RefinementSettings { Size = new PixelSize(2 * Height, 2 * Width) });

        Assert.Equal((2 * Width, 2 * Height), (result.Labels.Width, result.Labels.Height));
        Assert.Equal((0, 1), (result.Labels[2 * Edge - 2, 5], result.Labels[2 * Edge + 2, 5]));
    }

    [Fact]
    public void Parameters_arrive()
    {
        var coarse = TestPictures.Labels(Width, Height, (x, _) => x / 16 < 2 ? 0 : 1);

        var result = _refiner.Refine(_picture, coarse, settings: new RefinementSettings
        {
            PixelGraph = new PixelGraphParameters { Radius = 1 },
            Solver = new SolverParameters { MaxSteps = 3 },
        });

        Assert.All(result.PixelSolve!.Steps, steps => Assert.Equal(3, steps));
        Assert.NotEqual(Exact(0, 1), result.Labels.Labels.ToArray());
    }

    [Fact]
    public void What_cannot_be_refined_is_refused()
    {
        Assert.Contains("nothing but 255", Assert.Throws<ArgumentException>(
            () => _refiner.Refine(_picture, TestPictures.Labels(3, 3, (_, _) => 255))).Message, StringComparison.Ordinal);
        Assert.Contains("2 dimensions", Assert.Throws<ArgumentException>(
            () => _refiner.Refine(_picture, new NdArray<float>([2, 2], new float[4]))).Message, StringComparison.Ordinal);
        Assert.Equal(LpossStatus.NotFinite, Assert.Throws<LpossArgumentException>(
            () => _refiner.Refine(_picture, new NdArray<float>([1, 1, 2], [1, float.NaN]))).Status);
        Assert.Throws<LpossArgumentException>(() => _refiner.Refine(
            _picture, TestPictures.Labels(3, 3, (_, _) => 1), settings: new RefinementSettings { PixelGraph = new PixelGraphParameters { Radius = 16 } }));
    }

    /// <summary>The labels that follow the picture's edge exactly.</summary>
    private static ushort[] Exact(int left, int right) =>
        TestPictures.Labels(Width, Height, (x, _) => x < Edge ? left : right).Labels.ToArray();
}
