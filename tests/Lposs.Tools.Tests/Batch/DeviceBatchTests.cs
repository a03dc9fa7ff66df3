using Lposs.Bundles;
using Lposs.Imaging;
using Lposs.Tests.Support;
using Lposs.Tools.Batch;
using Lposs.Tools.Formats;
using Xunit;

namespace Lposs.Tools.Tests.Batch;

/// <summary>A collection on the device, several images under way on contexts and streams of their own.</summary>
[Collection(CudaDevice.Category)]
[Trait("Category", CudaDevice.Category)]
public sealed class DeviceBatchTests : IDisposable
{
    private static readonly ClassList s_classes = ClassList.Parse("sky, road; street, tree");
    private static readonly SegmentationSettings s_settings = new() { Mode = SegmentationMode.Lposs };

    // One window, two, and several, so that some share a run and some do not.
    private static readonly (int Width, int Height)[] s_sizes =
    [
        (32, 32),
        (48, 32),
        (40, 64),
        (32, 32),
        (70, 40),
        (32, 48),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Images_under_way_side_by_side_have_the_labels_that_each_has_alone()
    {
        CudaDevice.Require();
        using var bundle = DeviceSegmentation.SmallImages();
        var images = s_sizes.Select((size, seed) => TestImages.Scene(size.Width, size.Height, seed)).ToArray();

        var report = await RunAsync(ModelBundle.Open(bundle.Folder), images, "out", encoders: 2);

        Assert.Equal((6, 0), (report.Done, report.Failed));
        Assert.StartsWith("core cuda ", report.Backend, StringComparison.Ordinal);
        Assert.EndsWith("encoders cuda", report.Backend, StringComparison.Ordinal);
        Assert.Equal(ComputeDevice.AskedFor, report.DeviceReason);
        Assert.All(report.Stages, stage => Assert.Equal(images.Length, stage.Images));
        Assert.All(
            report.Stages.Where(stage => stage.Name is "encode" or "core"),
            stage => Assert.Equal(2, stage.Workers)
        );
        using var device = new Segmenter(ModelBundle.Open(bundle.Folder), DeviceSegmentation.OnDevice);
        using var processor = new Segmenter(ModelBundle.Open(bundle.Folder), DeviceSegmentation.OnProcessor);
        for (int i = 0; i < images.Length; i++)
        {
            var labels = LabelMap.Load(_folder.At($"out/p{i}.png"));
            Assert.Equal(
                device.Segment(images[i], s_classes, s_settings).Labels.Labels.ToArray(),
                labels.Labels.ToArray()
            );
            var expected = processor.Segment(images[i], s_classes, s_settings);
            DeviceSegmentation.AssertAlike(expected, device.Segment(images[i], s_classes, s_settings));
        }
    }

    [SkippableFact]
    public async Task The_number_of_contexts_changes_nothing()
    {
        CudaDevice.Require();
        using var bundle = DeviceSegmentation.SmallImages();
        var images = s_sizes.Take(4).Select((size, seed) => TestImages.Scene(size.Width, size.Height, seed)).ToArray();

        await RunAsync(ModelBundle.Open(bundle.Folder), images, "one", encoders: 1);
        await RunAsync(ModelBundle.Open(bundle.Folder), images, "three", encoders: 3);

        for (int i = 0; i < images.Length; i++)
            Assert.Equal(
                File.ReadAllBytes(_folder.At($"one/p{i}.png")),
                File.ReadAllBytes(_folder.At($"three/p{i}.png"))
            );
    }

    [SkippableFact]
    public async Task Features_of_no_image_come_back()
    {
        CudaDevice.RequireEmulated();
        using var bundle = DeviceSegmentation.SmallImages();
        // Of different shapes, so that no trial of shared runs, whose noise comes back, takes part.
        Image[] images = [TestImages.Scene(160, 96, 1), TestImages.Scene(96, 160, 2)];
        long toHost = EmulatorCounters.ToHost;

        await RunAsync(ModelBundle.Open(bundle.Folder), images, "out", encoders: 2, SegmentationMode.Vlm);

        Assert.Equal(2 * 160 * 96 * sizeof(ushort), EmulatorCounters.ToHost - toHost);
    }

    private async Task<BatchReport> RunAsync(
        ModelBundle bundle,
        Image[] images,
        string output,
        int encoders,
        SegmentationMode mode = SegmentationMode.Lposs
    )
    {
        var inputs = images
            .Select(
                (image, i) =>
                {
                    string path = _folder.At($"p{i}.png");
                    image.SavePng(path);
                    return new BatchInput($"p{i}.png", path);
                }
            )
            .ToArray();
        var options = new BatchOptions
        {
            Output = _folder.At(output),
            Compute = DeviceSegmentation.OnDevice,
            Settings = s_settings with { Mode = mode },
            BatchSize = 4,
            Encoders = encoders,
        };
        return await new BatchSegmenter(
            bundle,
            s_classes,
            [ResultFormats.Create("labels", s_classes)],
            options
        ).RunAsync(new CollectionInputs(inputs), new NoFailure());
    }

    private sealed class NoFailure : IProgress<BatchProgress>
    {
        public void Report(BatchProgress value) => Assert.Null(value.Error);
    }
}
