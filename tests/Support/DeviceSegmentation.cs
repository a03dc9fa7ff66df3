using System.Text.Json.Nodes;
using Lposs.Encoders;
using Xunit;

namespace Lposs.Tests.Support;

/// <summary>What tests on the device and on the processor have in common.</summary>
internal static class DeviceSegmentation
{
    private const double LargestError = 1e-4;
    private const double LargestShareOfOtherLabels = 1e-4;

    public static SegmenterOptions OnDevice { get; } =
        new()
        {
            Device = DevicePreference.Cuda,
            DeviceProvider = CudaDevice.IsEmulated ? EncoderDevice.Cpu : EncoderDevice.Cuda,
            Threads = 1,
        };

    public static SegmenterOptions OnProcessor { get; } = new() { Device = DevicePreference.Cpu, Threads = 1 };

    public static void AssertAlike(SegmentationResult expected, SegmentationResult found)
    {
        var before = expected.Labels.Labels.Span;
        var after = found.Labels.Labels.Span;
        Assert.Equal(before.Length, after.Length);
        int others = 0;
        for (int i = 0; i < before.Length; i++)
            others += before[i] == after[i] ? 0 : 1;
        Assert.True(
            others <= Math.Ceiling(LargestShareOfOtherLabels * before.Length),
            $"{others} of {before.Length} labels differ"
        );
        if (expected.Scores is not null)
            Assert.InRange(RelativeError.Of(expected.Scores.Span, found.Scores!.Span), 0, LargestError);
    }

    /// <summary>The bundled encoders with windows for images that an emulated device is done with soon.</summary>
    public static TestBundle SmallImages()
    {
        var folder = new TestBundle();
        folder.Edit(manifest =>
            manifest["image"] = new JsonObject
            {
                ["short_side"] = 48,
                ["long_side"] = 160,
                ["crop"] = 32,
                ["stride"] = 16,
            }
        );
        return folder;
    }
}
