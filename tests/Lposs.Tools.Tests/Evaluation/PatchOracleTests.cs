using Lposs.Bundles;
using Lposs.Imaging;
using Lposs.Pipeline;
using Lposs.Tests.Support;
using Lposs.Tools.Evaluation;
using Xunit;

namespace Lposs.Tools.Tests.Evaluation;

public sealed class PatchOracleTests
{
    private const int Patch = 16;

    private static readonly ComputeOptions s_processor = new() { Device = DevicePreference.Cpu };

    [Theory]
    [InlineData(150, 100, 5, 0)]
    [InlineData(97, 211, 30, 0)]
    [InlineData(40, 40, 1, 0)]
    [InlineData(301, 64, 170, 0)]
    [InlineData(150, 100, 12, 350_000)] // class by class
    public void Labels_without_refinement_are_those_of_scores_that_are_held_for_every_pixel(
        int width,
        int height,
        int classes,
        long memoryLimit
    )
    {
        var spec = new ImageSpec(112, 400, 64, 32);
        var random = new Random(width);
        // Pieces of 11 x 7 pixels, one in eight without a label, which leaves patches without a class.
        int[] pieces = [.. Enumerable.Range(0, 1000).Select(_ => random.Next(8) == 0 ? 255 : random.Next(classes))];
        var truth = TestImages.Labels(width, height, (x, y) => pieces[y / 7 * 29 + x / 11]);
        using var oracle = new PatchOracle(
            spec,
            Patch,
            new PropagationParameters(),
            s_processor with
            {
                MemoryLimit = memoryLimit,
            }
        );

        var labels = oracle.Label(TestImages.Scene(width, height), truth, classes, refines: false);

        Assert.Equal(WithAllScores(spec, truth, classes), labels.Labels.ToArray());
    }

    [Fact]
    public void Scores_of_all_classes_are_never_held_for_every_pixel()
    {
        const int Width = 1600,
            Height = 1200,
            Classes = 150;
        var truth = TestImages.Labels(Width, Height, (x, y) => (x / 40 + y / 30) % Classes);
        var image = TestImages.Scene(Width, Height);
        using var oracle = new PatchOracle(
            new ImageSpec(112, 400, 64, 32),
            Patch,
            new PropagationParameters(),
            s_processor with
            {
                MemoryLimit = 64 << 20,
            }
        );
        oracle.Label(TestImages.Scene(20, 20), TestImages.Labels(20, 20, (_, _) => 0), 1, refines: false);

        long before = GC.GetAllocatedBytesForCurrentThread();
        var labels = oracle.Label(image, truth, Classes, refines: false);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // The scores would be 1,152 MB; the labels are 4, and 16 bytes a pixel leave room for a copy of each.
        Assert.InRange(allocated, 0, 16L * Width * Height);
        Assert.Equal(Width * Height, labels.Labels.Length);
        Assert.True(labels.Maximum() < Classes);
    }

    /// <summary>The same from single steps: patches, stitched, resized and the largest taken.</summary>
    private static ushort[] WithAllScores(ImageSpec spec, LabelMap truth, int classes)
    {
        var (height, width) = InputImage.SizeFor(truth.Width, truth.Height, spec, new SegmentationSettings());
        var windows = Windows.Create(height, width, spec.Crop, spec.Stride);
        var scores = new List<float>();
        foreach (var window in windows)
        {
            for (int top = window.Top; top < window.Bottom; top += Patch)
            {
                for (int left = window.Left; left < window.Right; left += Patch)
                {
                    var most = (
                        from y in Enumerable.Range(top, Math.Min(Patch, window.Bottom - top))
                        from x in Enumerable.Range(left, Math.Min(Patch, window.Right - left))
                        let label = truth[
                            (int)((x + 0.5) * truth.Width / width),
                            (int)((y + 0.5) * truth.Height / height)
                        ]
                        where label < classes
                        group label by label into same
                        orderby same.Count() descending, same.Key
                        select (int?)same.Key
                    ).FirstOrDefault();
                    scores.AddRange(Enumerable.Range(0, classes).Select(c => c == most ? 1f : 0f));
                }
            }
        }
        using var context = ComputeDevice.Open(s_processor, withEncoders: false).Context;
        float[] stitched = new float[width * height * classes];
        context.Stitch(
            new ReadOnlyTensorView<float>(scores.ToArray(), scores.Count / classes, classes),
            windows,
            Patch,
            new TensorView<float>(stitched, height, width, classes)
        );
        float[] resized = new float[truth.Width * truth.Height * classes];
        context.Resize(
            new ReadOnlyTensorView<float>(stitched, height, width, classes),
            new TensorView<float>(resized, truth.Height, truth.Width, classes)
        );
        ushort[] labels = new ushort[truth.Width * truth.Height];
        context.ArgMax(
            new ReadOnlyTensorView<float>(resized, labels.Length, classes),
            new TensorView<ushort>(labels, labels.Length)
        );
        return labels;
    }
}
