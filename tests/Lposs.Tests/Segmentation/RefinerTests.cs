using Lposs.Imaging;
using Lposs.Tests.Support;
using Lposs.Tools.Evaluation;
using Xunit;

namespace Lposs.Tests.Segmentation;

public sealed class RefinerTests : IDisposable
{
    private const int Width = 70;
    private const int Height = 48;
    private const int Edge = 37;

    private readonly Refiner _refiner = new(new ComputeOptions { Device = DevicePreference.Cpu });
    private readonly Image _image = TestImages.Split(Width, Height, Edge);

    public void Dispose() => _refiner.Dispose();

    [Fact]
    public void The_boundary_of_coarse_labels_moves_to_the_edge_in_the_image()
    {
        // Squares of 16 pixels: the boundary lies at column 32 instead of 37.
        var coarse = TestImages.Labels(Width, Height, (x, _) => x / 16 < 2 ? 4 : 9);

        var result = _refiner.Refine(_image, coarse);

        Assert.Equal(Exact(4, 9), result.Labels.Labels.ToArray());
        Assert.Equal([4, 9], result.ColumnLabels.ToArray());
        Assert.Equal(2, result.PixelSolve!.Steps.Length);
        Assert.Null(result.PatchSolve);
    }

    [Fact]
    public void Labels_of_another_size_are_resized()
    {
        var small = TestImages.Labels(5, 3, (x, _) => x < 3 ? 0 : 1);

        Assert.Equal(Exact(0, 1), _refiner.Refine(_image, small).Labels.Labels.ToArray());
    }

    [Fact]
    public void Pixels_to_be_ignored_take_what_their_neighbours_say()
    {
        var holes = TestImages.Labels(
            Width,
            Height,
            (x, y) =>
                (x / 8 + y / 8) % 2 == 0 ? 255
                : x < Edge ? 1
                : 300
        );

        var result = _refiner.Refine(_image, holes);

        Assert.Equal(Exact(1, 300), result.Labels.Labels.ToArray());
    }

    [Fact]
    public void Nothing_is_ignored_if_nothing_is_to_be()
    {
        var labels = TestImages.Labels(Width, Height, (x, _) => x < Edge ? 0 : 255);

        var result = _refiner.Refine(_image, labels, ignore: null);

        Assert.Equal([0, 255], result.ColumnLabels.ToArray());
        Assert.Equal(Exact(0, 255), result.Labels.Labels.ToArray());
    }

    [Fact]
    public void Scores_one_hot_give_the_labels_that_the_label_map_gives()
    {
        var coarse = TestImages.Labels(
            Width,
            Height,
            (x, y) =>
                x / 16 < 2 ? 0
                : y < 20 ? 1
                : 2
        );
        float[] oneHot = new float[Width * Height * 3];
        for (int i = 0; i < Width * Height; i++)
            oneHot[3 * i + coarse.Labels.Span[i]] = 1;
        var settings = new RefinementSettings { WithScores = true, WithConfidence = true };

        var fromLabels = _refiner.Refine(_image, coarse, settings: settings);
        var fromScores = _refiner.Refine(_image, new NdArray<float>([Height, Width, 3], oneHot), settings);

        Assert.Equal(fromLabels.Scores!.Span.ToArray(), fromScores.Scores!.Span.ToArray());
        Assert.Equal(fromLabels.Labels.Labels.ToArray(), fromScores.Labels.Labels.ToArray());
        Assert.Equal([Height, Width, 3], fromScores.Scores.Shape.ToArray());
        Assert.Equal([Height, Width], fromScores.Confidence!.Shape.ToArray());
        Assert.Equal([0, 1, 2], fromScores.ColumnLabels.ToArray());
    }

    [Fact]
    public void The_result_may_have_another_size()
    {
        var coarse = TestImages.Labels(Width, Height, (x, _) => x < Edge ? 0 : 1);

        var result = _refiner.Refine(
            _image,
            coarse,
            settings: new RefinementSettings { Size = new PixelSize(2 * Height, 2 * Width) }
        );

        Assert.Equal((2 * Width, 2 * Height), (result.Labels.Width, result.Labels.Height));
        Assert.Equal((0, 1), (result.Labels[2 * Edge - 2, 5], result.Labels[2 * Edge + 2, 5]));
    }

    [Fact]
    public void Parameters_arrive()
    {
        var coarse = TestImages.Labels(Width, Height, (x, _) => x / 16 < 2 ? 0 : 1);

        var result = _refiner.Refine(
            _image,
            coarse,
            settings: new RefinementSettings
            {
                PixelGraph = new PixelGraphParameters { Radius = 1 },
                Solver = new SolverParameters { MaxSteps = 3 },
            }
        );

        Assert.All(result.PixelSolve!.Steps, steps => Assert.Equal(3, steps));
        Assert.NotEqual(Exact(0, 1), result.Labels.Labels.ToArray());
    }

    [Fact]
    public void What_cannot_be_refined_is_refused()
    {
        Assert.Contains(
            "nothing but 255",
            Assert
                .Throws<ArgumentException>(() => _refiner.Refine(_image, TestImages.Labels(3, 3, (_, _) => 255)))
                .Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "2 dimensions",
            Assert
                .Throws<ArgumentException>(() => _refiner.Refine(_image, new NdArray<float>([2, 2], new float[4])))
                .Message,
            StringComparison.Ordinal
        );
        Failing.With(
            LpossErrorCode.NotFinite,
            () => _refiner.Refine(_image, new NdArray<float>([1, 1, 2], [1, float.NaN]))
        );
        Failing.With(
            LpossErrorCode.InvalidArgument,
            () =>
                _refiner.Refine(
                    _image,
                    TestImages.Labels(3, 3, (_, _) => 1),
                    settings: new RefinementSettings { PixelGraph = new PixelGraphParameters { Radius = 16 } }
                )
        );
    }

    /// <summary>The labels that follow the image's edge exactly.</summary>
    private static ushort[] Exact(int left, int right) =>
        TestImages.Labels(Width, Height, (x, _) => x < Edge ? left : right).Labels.ToArray();
}
