using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Tests.Segmentation;

/// <summary>Scores and labels that do not lie as they are taken are refused, and never stretched onto the
/// image.</summary>
public sealed class ScoresOrderTests
{
    private static readonly Image s_scene = TestImages.Scene(96, 64, 1); // 64 rows

    private static NdArray<float> Ramp(params ReadOnlySpan<int> shape)
    {
        int length = 1;
        foreach (int size in shape)
            length *= size;
        return new NdArray<float>(shape, [.. Enumerable.Range(0, length).Select(i => (float)(i * 37 % 101))]);
    }

    private static PropagationResult Refine(Image image, NdArray<float> scores, ScoresLayout? layout = null)
    {
        using var refiner = new Refiner(new ComputeOptions { Device = DevicePreference.Cpu });
        return refiner.Refine(image, scores, new RefinementSettings { Layout = layout });
    }

    [Theory]
    [InlineData(3, 64, 96)]
    [InlineData(21, 16, 24)]
    [InlineData(5, 4, 6)]
    [InlineData(150, 7, 10)]
    public void Classes_first_are_refused_with_the_way_to_transpose(int classes, int height, int width)
    {
        var failure = Failing.With(LpossErrorCode.InvalidArgument, () => Refine(s_scene, Ramp(classes, height, width)));
        Assert.Equal("Layout", failure.Argument);
        Assert.Contains("transpose(1, 2, 0)", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64, 96, 3)]
    [InlineData(32, 48, 72)]
    [InlineData(4, 6, 9)]
    [InlineData(10, 10, 3)] // fits neither way: stretched, as asked
    public void Classes_last_are_taken(int height, int width, int classes) =>
        Assert.Equal(classes, Refine(s_scene, Ramp(height, width, classes)).ColumnLabels.Length);

    [Fact]
    public void Classes_first_are_taken_where_that_is_said()
    {
        const int Classes = 3,
            Height = 32,
            Width = 48;
        var first = Ramp(Classes, Height, Width);
        float[] last = new float[first.Length];
        for (int c = 0; c < Classes; c++)
            for (int pixel = 0; pixel < Height * Width; pixel++)
                last[(pixel * Classes) + c] = first.Span[(c * Height * Width) + pixel];
        Assert.Equal(
            Refine(s_scene, new NdArray<float>([Height, Width, Classes], last)).Labels.Labels.ToArray(),
            Refine(s_scene, first, ScoresLayout.ClassesHeightWidth).Labels.Labels.ToArray()
        );
    }

    [Theory]
    [InlineData(float.MinValue)] // torch.finfo(torch.float32).min
    [InlineData(-1e38f)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(1e17f)]
    public void A_masked_class_is_refused_and_wins_no_pixel(float masked)
    {
        var scores = Ramp(64, 96, 3);
        for (int i = 1; i < scores.Length; i += 3)
            scores.Span[i] = masked;
        var failure = Failing.With(LpossErrorCode.NotFinite, () => Refine(s_scene, scores));
        Assert.Contains("element [0,0,1]", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_made_of_the_stored_pixels_is_not_stretched_onto_the_turned_image()
    {
        string path = Samples.At("orientation6.jpg"); // 32 x 16 as it is stored
        var upright = Image.Load(path);
        var stored = Image.Load(path, new ImageReadOptions { AsStored = true });
        Assert.Equal((16, 32, 6), (upright.Width, upright.Height, upright.Orientation));
        Assert.Equal((32, 16, 1), (stored.Width, stored.Height, stored.Orientation));

        var ofStored = new LabelMap(32, 16, [.. Enumerable.Range(0, 512).Select(i => (ushort)(i % 32 / 16))]);
        using var refiner = new Refiner(new ComputeOptions { Device = DevicePreference.Cpu });
        foreach (
            var refine in (Func<PropagationResult>[])
                [() => refiner.Refine(upright, ofStored), () => Refine(upright, Ramp(16, 32, 2))]
        )
        {
            var failure = Failing.With(LpossErrorCode.InvalidArgument, refine);
            Assert.Equal("AsStored", failure.Argument);
            Assert.Contains("EXIF orientation", failure.Message, StringComparison.Ordinal);
        }
        Assert.Equal(32, refiner.Refine(stored, ofStored).Labels.Width);
        Assert.Equal(16, Refine(upright, Ramp(32, 16, 2)).Labels.Width);
    }
}
