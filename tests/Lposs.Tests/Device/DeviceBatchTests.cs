using Lposs.Batch;
using Lposs.Encoding;
using Lposs.Formats;
using Lposs.Imaging;
using Lposs.Models;
using Lposs.Segmentation;
using Lposs.Tests.Imaging;
using Lposs.Tests.Segmentation;
using Xunit;

namespace Lposs.Tests.Device;

/// <summary>A collection on the device, several pictures under way on contexts and streams of their own.</summary>
[Collection(CudaDevice.Category)]
[Trait("Category", CudaDevice.Category)]
public sealed class DeviceBatchTests : IDisposable
{
    private static readonly ClassList s_classes = ClassList.Parse("sky, road; street, tree");
    private static readonly SegmentationSettings s_settings = new() { Mode = SegmentationMode.Lposs };

    // One window, two, and several, so that some share a run and some do not.
    private static readonly (int Width, int Height)[] s_sizes = [(32, 32), (48, 32), (40, 64), (32, 32), (70, 40), (32, 48)];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Pictures_under_way_side_by_side_have_the_labels_that_each_has_alone()
    {
        CudaDevice.Require();
        using var bundle = DeviceSegmentationTests.SmallPictures();
        var pictures = s_sizes.Select((size, seed) => TestPictures.Scene(size.Width, size.Height, seed)).ToArray();

        var report = Run(ModelBundle.Open(bundle.Folder), pictures, "out", encoders: 2);

        Assert.Equal((6, 0), (report.Done, report.Failed));
        Assert.StartsWith("core cuda ", report.Backend, StringComparison.Ordinal);
        Assert.EndsWith("encoders cuda", report.Backend, StringComparison.Ordinal);
        Assert.Contains(ComputeDevice.AskedFor, report.Device, StringComparison.Ordinal);
        Assert.All(report.Stages, stage => Assert.Equal(pictures.Length, stage.Pictures));
        Assert.All(report.Stages.Where(stage => stage.Name is "encode" or "core"), stage => Assert.Equal(2, stage.Workers));
        using var device = new Segmenter(ModelBundle.Open(bundle.Folder), DeviceSegmentationTests.OnDevice);
        using var processor = new Segmenter(ModelBundle.Open(bundle.Folder), DeviceSegmentationTests.OnProcessor);
        for (int i = 0; i < pictures.Length; i++)
        {
            var labels = LabelPng.Read(_folder.At($"out/p{i}.png"));
            Assert.Equal(device.Segment(pictures[i], s_classes, s_settings).Labels.Labels.ToArray(), labels.Labels.ToArray());
            var expected = processor.Segment(pictures[i], s_classes, s_settings);
            DeviceSegmentationTests.AssertAlike(expected, device.Segment(pictures[i], s_classes, s_settings));
        }
    }

    [SkippableFact]
    public void The_number_of_contexts_changes_nothing()
    {
        CudaDevice.Require();
        using var bundle = DeviceSegmentationTests.SmallPictures();
        var pictures = s_sizes.Take(4).Select((size, seed) => TestPictures.Scene(size.Width, size.Height, seed)).ToArray();

        Run(ModelBundle.Open(bundle.Folder), pictures, "one", encoders: 1);
        Run(ModelBundle.Open(bundle.Folder), pictures, "three", encoders: 3);

        for (int i = 0; i < pictures.Length; i++)
            Assert.Equal(File.ReadAllBytes(_folder.At($"one/p{i}.png")), File.ReadAllBytes(_folder.At($"three/p{i}.png")));
    }

    [SkippableFact]
    public void Features_of_no_picture_come_back()
    {
        CudaDevice.RequireEmulated();
        using var bundle = DeviceSegmentationTests.SmallPictures();
        // Of different shapes, so that no trial of shared runs, whose noise comes back, takes part.
        RgbImage[] pictures = [TestPictures.Scene(160, 96, 1), TestPictures.Scene(96, 160, 2)];
        long toHost = EmulatorCounters.ToHost;

        Run(ModelBundle.Open(bundle.Folder), pictures, "out", encoders: 2, SegmentationMode.Vlm);

        Assert.Equal(2 * 160 * 96 * sizeof(ushort), EmulatorCounters.ToHost - toHost);
    }

    private BatchReport Run(ModelBundle bundle, RgbImage[] pictures, string output, int encoders, SegmentationMode mode = SegmentationMode.Lposs)
    {
        var inputs = pictures.Select((picture, i) =>
        {
            string path = _folder.At($"p{i}.png");
            PngFile.WriteRgb(path, picture);
            return new BatchInput($"p{i}.png", path);
        }).ToArray();
        var options = new BatchOptions
        {
            Output = _folder.At(output),
            Compute = DeviceSegmentationTests.OnDevice,
            Settings = s_settings with { Mode = mode },
            BatchSize = 4,
            Encoders = encoders,
        };
        return new BatchRun(bundle, s_classes, [ResultFormats.Create("labels", s_classes)], options).Run(inputs, new Silent());
    }

    private sealed class Silent : IBatchObserver
    {
        public void Started(long inputs, long doneBefore)
        {
        }

        public void Finished(BatchPicture picture, IReadOnlyList<StageReport> stages)
        {
        }

        public void Failed(BatchError failure) => Assert.Fail(failure.Reason);
    }
}
