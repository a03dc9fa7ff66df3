using System.Text.Json.Nodes;
using Lposs.Bundles;
using Lposs.Encoders;
using Lposs.Imaging;
using Lposs.Pipeline;
using Lposs.Tests.Support;
using Lposs.Tools.Evaluation;
using Lposs.Tools.Import;
using Xunit;

namespace Lposs.Tests.Device;

/// <summary>
/// From image to labels with tensors on the device. Where the device is emulated, ONNX Runtime's processor provider is
/// bound
/// to its memory; on a card it is the CUDA provider.
/// </summary>
[Collection(CudaDevice.Category)]
[Trait("Category", CudaDevice.Category)]
public sealed class DeviceSegmentationTests
{
    private static readonly ClassList s_classes = ClassList.Parse("sky, road; street, tree");

    // Of the encoders' short side: where an image is resized for them, a level may be rounded the other way.
    [SkippableTheory]
    [InlineData(SegmentationMode.Vlm, 64, 48)]
    [InlineData(SegmentationMode.Lposs, 48, 61)]
    [InlineData(SegmentationMode.LpossPlus, 70, 48)]
    public void Labels_are_those_of_the_processor(SegmentationMode mode, int width, int height)
    {
        CudaDevice.Require();
        using var bundle = DeviceSegmentation.SmallImages();
        using var processor = new Segmenter(ModelBundle.Open(bundle.Folder), DeviceSegmentation.OnProcessor);
        using var device = new Segmenter(ModelBundle.Open(bundle.Folder), DeviceSegmentation.OnDevice);
        var image = TestImages.Scene(width, height);
        var settings = new SegmentationSettings
        {
            Mode = mode,
            WithScores = true,
            WithConfidence = true,
        };

        var expected = processor.Segment(image, s_classes, settings);
        var found = device.Segment(image, s_classes, settings);

        Assert.Equal((LpossDevice.Cuda, EncoderDevice.Cuda), (found.Device.Core, found.Device.Encoders));
        DeviceSegmentation.AssertAlike(expected, found);
        Assert.True(found.Times.Image.ImageEncoders > 0);
    }

    [SkippableTheory]
    [InlineData(64, 40)]
    [InlineData(50, 77)]
    public void An_image_is_resized_for_the_encoders_as_on_the_processor(int width, int height)
    {
        CudaDevice.Require();
        using var bundle = DeviceSegmentation.SmallImages();
        using var processor = new Segmenter(ModelBundle.Open(bundle.Folder), DeviceSegmentation.OnProcessor);
        using var device = new Segmenter(ModelBundle.Open(bundle.Folder), DeviceSegmentation.OnDevice);
        var image = TestImages.Scene(width, height);

        using var expected = processor.Encode(image);
        using var found = device.Encode(image);

        var (before, after) = (expected.ModelInput, found.ModelInput);
        Assert.Equal((before.Width, before.Height), (after.Width, after.Height));
        int[] levels = [.. before.Pixels.ToArray().Zip(after.Pixels.ToArray(), (a, b) => Math.Abs(a - b))];
        Assert.InRange(levels.Max(), 0, 1);
        Assert.InRange(levels.Average(), 0, 0.01);
    }

    [SkippableTheory]
    [InlineData(SegmentationMode.Vlm)]
    [InlineData(SegmentationMode.LpossPlus)]
    public void Only_the_labels_come_back_and_the_image_goes_there_once(SegmentationMode mode)
    {
        CudaDevice.RequireEmulated();
        using var bundle = DeviceSegmentation.SmallImages();
        using var device = new Segmenter(ModelBundle.Open(bundle.Folder), DeviceSegmentation.OnDevice);
        var image = TestImages.Scene(160, 96);
        var settings = new SegmentationSettings { Mode = mode };
        using var encoded = device.Encode(image, settings); // to learn how large the features are
        long features = encoded.Vlm.Values.Length * sizeof(float);
        long misuses = EmulatorCounters.Misuses;
        var (toDevice, toHost) = (EmulatorCounters.ToDevice, EmulatorCounters.ToHost);

        device.Segment(image, s_classes, settings);

        toDevice = EmulatorCounters.ToDevice - toDevice;
        toHost = EmulatorCounters.ToHost - toHost;
        long pixels = 160 * 96;
        // Beside the 16-bit labels, steps and residuals of a solve; beside the image, embeddings and centres.
        Assert.InRange(toHost, pixels * sizeof(ushort), pixels * sizeof(ushort) + features / 8);
        Assert.InRange(toDevice, pixels * 3, pixels * 3 + features / 2);
        Assert.Equal(misuses, EmulatorCounters.Misuses);
    }

    [SkippableFact]
    public void Scores_come_back_where_they_are_asked_for()
    {
        CudaDevice.RequireEmulated();
        using var bundle = DeviceSegmentation.SmallImages();
        using var device = new Segmenter(ModelBundle.Open(bundle.Folder), DeviceSegmentation.OnDevice);
        long toHost = EmulatorCounters.ToHost;

        device.Segment(
            TestImages.Scene(64, 48),
            s_classes,
            new SegmentationSettings { Mode = SegmentationMode.Vlm, WithScores = true }
        );

        Assert.Equal(64 * 48 * (sizeof(ushort) + 3 * sizeof(float)), EmulatorCounters.ToHost - toHost);
    }

    [SkippableTheory]
    [InlineData(8, 4, null, null, -1, 3, "patches of different sizes")]
    [InlineData(8, 8, 1, null, -1, 3, "one window a run")]
    [InlineData(8, 8, null, 40, -1, 3, "windows of a fixed size, larger than the image")]
    [InlineData(8, 8, 1, 40, 24, 3, "both, and as wide as the windows")]
    [InlineData(8, 8, null, null, -1, -1, "dimensions that only a run tells")]
    public void Features_are_those_of_the_processor_whatever_the_model_takes(
        int vlmPatch,
        int vmPatch,
        int? batch,
        int? height,
        int width,
        int dimensions,
        string what
    )
    {
        CudaDevice.Require();
        byte[] Model(int patch) =>
            OnnxModelFile.PatchMeans(
                patch,
                batch ?? -1,
                height ?? -1,
                height is null ? -1 : width,
                dimensions: dimensions
            );
        using var bundle = MeansBundle(
            Model(vlmPatch),
            vlmPatch,
            Model(vmPatch),
            vmPatch,
            stride: height is null ? 12 : 24
        );
        using var processor = new Segmenter(ModelBundle.Open(bundle.Folder), DeviceSegmentation.OnProcessor);
        using var device = new Segmenter(ModelBundle.Open(bundle.Folder), DeviceSegmentation.OnDevice);
        var image = TestImages.Scene(height is null ? 64 : 24, 24);

        using var expected = processor.Encode(image);
        using var found = device.Encode(image);

        Assert.Equal(expected.ModelInput.Pixels.ToArray(), found.ModelInput.Pixels.ToArray());
        AssertAlike(expected.Vlm, found.Vlm, what);
        AssertAlike(expected.Vm!, found.Vm!, what);
        AssertAlike(found.Vlm, device.Encode(image).Vlm, "a second time");
    }

    [SkippableFact]
    public void An_output_of_another_shape_is_refused_and_others_go_on()
    {
        CudaDevice.Require();
        using var bundle = MeansBundle(
            OnnxModelFile.PatchMeansOfOneWindow(8),
            8,
            OnnxModelFile.PatchMeans(8),
            8,
            stride: 12
        );
        using var processor = new Segmenter(ModelBundle.Open(bundle.Folder), DeviceSegmentation.OnProcessor);
        using var device = new Segmenter(ModelBundle.Open(bundle.Folder), DeviceSegmentation.OnDevice);
        var image = TestImages.Scene(64, 24);

        string refusal = Failing.With(LpossErrorCode.InvalidBundle, () => device.Encode(image)).Message;

        Assert.Contains("gives output mean the shape", refusal, StringComparison.Ordinal);
        using var oneWindow = device.Encode(TestImages.Scene(24, 24));
        // On the processor each window has a run of its own.
        using var onProcessor = processor.Encode(image);
        Assert.Equal(onProcessor.Windows.Length, oneWindow.Windows.Length * 5);
    }

    [SkippableFact]
    public void An_encoded_image_serves_again_until_it_is_disposed()
    {
        CudaDevice.Require();
        using var bundle = DeviceSegmentation.SmallImages();
        using var device = new Segmenter(ModelBundle.Open(bundle.Folder), DeviceSegmentation.OnDevice);
        var settings = new SegmentationSettings { Mode = SegmentationMode.Lposs };
        var encoded = device.Encode(TestImages.Scene(64, 48), settings);

        var first = device.Segment(encoded, s_classes, settings);
        var other = device.Segment(encoded, ClassList.Parse("car"), settings);
        var again = device.Segment(encoded, s_classes, settings);

        Assert.Equal(0, other.Labels.Maximum());
        Assert.Equal(first.Labels.Labels.ToArray(), again.Labels.Labels.ToArray());
        encoded.Dispose();
        Assert.Throws<ObjectDisposedException>(() => device.Segment(encoded, s_classes, settings));
    }

    [SkippableFact]
    public void Memory_of_the_device_goes_back()
    {
        CudaDevice.Require();
        using var bundle = DeviceSegmentation.SmallImages();
        var (context, _) = ComputeDevice.Open(DeviceSegmentation.OnDevice, withEncoders: true);
        using (context)
        {
            var encoder = new ImageEncoder(
                ModelBundle.Open(bundle.Folder),
                new EncoderOptions { Device = DeviceSegmentation.OnDevice.DeviceProvider, Stream = context.Stream }
            );
            var images = new FeatureExtractor(
                context,
                ModelBundle.Open(bundle.Folder),
                encoder,
                EncoderPlacement.On(context, DeviceSegmentation.OnDevice.DeviceProvider, 0)
            );
            images.Encode(TestImages.Scene(64, 48), new SegmentationSettings(), CancellationToken.None).Dispose();
            long between = context.Info.MemoryInUse;

            images.Encode(TestImages.Scene(80, 48), new SegmentationSettings(), CancellationToken.None).Dispose();

            Assert.Equal(between, context.Info.MemoryInUse);
            encoder.Dispose();
            Assert.Equal(0, context.Info.MemoryInUse);
        }
    }

    [SkippableFact]
    public async Task Threads_may_share_a_segmenter_on_the_device()
    {
        CudaDevice.Require();
        using var bundle = DeviceSegmentation.SmallImages();
        using var device = new Segmenter(ModelBundle.Open(bundle.Folder), DeviceSegmentation.OnDevice);
        var settings = new SegmentationSettings { Mode = SegmentationMode.Lposs };
        Image[] images = [.. Enumerable.Range(0, 3).Select(seed => TestImages.Scene(48, 40, seed))];
        ushort[][] expected =
        [
            .. images.Select(image => device.Segment(image, s_classes, settings).Labels.Labels.ToArray()),
        ];

        var results = await Task.WhenAll(
            images.Select(image => Task.Run(() => device.Segment(image, s_classes, settings)))
        );

        for (int i = 0; i < images.Length; i++)
            Assert.Equal(expected[i], results[i].Labels.Labels.ToArray());
    }

    private static void AssertAlike(FeatureMatrix expected, FeatureMatrix found, string what)
    {
        Assert.Equal((expected.Patches, expected.Dimensions), (found.Patches, found.Dimensions));
        double error = RelativeError.Of(expected.Values.Span, found.Values.Span);
        Assert.True(error <= 1e-6, $"{what}: the relative error is {error}");
    }

    private static TestBundle MeansBundle(byte[] vlm, int vlmPatch, byte[] vm, int vmPatch, int stride)
    {
        var folder = new TestBundle();
        folder.Put("vlm.onnx", vlm);
        folder.Put("vm.onnx", vm);
        folder.Edit(manifest =>
        {
            foreach (var (encoder, patch) in new[] { ("vlm", vlmPatch), ("vm", vmPatch) })
            {
                manifest[encoder]!["file"] = encoder + ".onnx";
                manifest[encoder]!["output"] = "mean";
                manifest[encoder]!["patch_size"] = patch;
                manifest[encoder]!["mean"] = new JsonArray(0.4, 0.5, 0.6);
                manifest[encoder]!["std"] = new JsonArray(0.2, 0.25, 0.3);
            }
            manifest["image"] = new JsonObject
            {
                ["short_side"] = 24,
                ["long_side"] = 64,
                ["crop"] = 24,
                ["stride"] = stride,
            };
        });
        return folder;
    }
}
