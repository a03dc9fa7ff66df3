using System.Text.Json.Nodes;
using Lposs.Encoding;
using Lposs.Imaging;
using Lposs.Models;
using Lposs.Segmentation;
using Lposs.Tests.Encoding;
using Lposs.Tests.Models;
using Xunit;

namespace Lposs.Tests.Segmentation;

/// <summary>Pictures that go through the encoders together: each one's features are the same bits as alone.</summary>
public sealed class SharedRunsTests
{
    private const int BatchSize = 8;

    private static readonly SegmentationSettings s_both = new() { ShortSide = 96 };

    [Theory]
    [InlineData(224, 224, 1)]
    [InlineData(224, 224, 2)]
    [InlineData(96, 96, 2)]
    [InlineData(96, 224, 3)]
    [InlineData(16, 112, 2)]
    public void The_bundled_encoders_give_a_window_the_same_bits_at_every_place_of_a_run_of_any_size(int height, int width, int threads)
    {
        foreach (bool needsVm in new[] { true, false })
        {
            using var encoder = new ImageEncoder(ModelBundle.OpenDefault(), new EncoderOptions { Threads = threads, BatchSize = 13 });
            var size = new PixelSize(height, width);
            var sharing = new SharedRuns(encoder);

            Assert.True(sharing.Allow(new RunShape(size, size, needsVm), Enumerable.Range(1, 13), CancellationToken.None));
            Assert.False(sharing.WereRefused);
        }
    }

    [Theory]
    [InlineData(SegmentationMode.Vlm, 1)]
    [InlineData(SegmentationMode.Vlm, 8)]
    [InlineData(SegmentationMode.Lposs, 3)]
    [InlineData(SegmentationMode.Lposs, 8)]
    public void Pictures_of_different_sizes_have_the_features_that_each_has_alone(SegmentationMode mode, int batchSize)
    {
        using var encoders = new Encoders(ModelBundle.OpenDefault(), batchSize);
        RgbImage[] pictures =
        [
            TestPictures.Scene(96, 96, 1), TestPictures.Scene(90, 96, 2), TestPictures.Scene(700, 96, 3), TestPictures.Scene(96, 96, 4),
            TestPictures.Scene(3, 1, 5), TestPictures.Scene(40, 250, 6), TestPictures.Scene(700, 96, 7), TestPictures.Scene(96, 96, 8),
        ];

        encoders.AssertSameAsAlone(pictures, s_both with { Mode = mode });

        Assert.False(encoders.Sharing.WereRefused);
    }

    [Fact]
    public void Where_neighbours_change_features_each_picture_has_runs_of_its_own()
    {
        using var folder = MeansBundle(OnnxModelFile.PatchMeansLessThoseOfTheRun(8), 8);
        using var encoders = new Encoders(ModelBundle.Open(folder.Folder), BatchSize);

        encoders.AssertSameAsAlone([TestPictures.Scene(32, 32, 1), TestPictures.Scene(32, 32, 2), TestPictures.Scene(64, 32, 3)], new SegmentationSettings());

        Assert.True(encoders.Sharing.WereRefused);
    }

    [Fact]
    public void Windows_that_are_padded_to_one_size_share_runs()
    {
        using var folder = MeansBundle(OnnxModelFile.PatchMeansLessThoseOfTheRun(8), 8);
        using var encoders = new Encoders(ModelBundle.Open(folder.Folder), BatchSize);
        var settings = new SegmentationSettings { ShortSide = 18, LongSide = 32 };

        // Both become 24 x 24; that they were to share is seen by the refusal.
        encoders.AssertSameAsAlone([TestPictures.Scene(18, 18, 1), TestPictures.Scene(22, 18, 2)], settings);
        Assert.True(encoders.Sharing.WereRefused);
    }

    /// <summary>A bundle whose image encoders are both a model of a test, with windows of 32 pixels.</summary>
    internal static BundleFolder MeansBundle(byte[] model, int patch, int crop = 32, int stride = 16)
    {
        var folder = new BundleFolder();
        folder.Put("means.onnx", model);
        folder.Edit(manifest =>
        {
            foreach (string encoder in (string[])["vlm", "vm"])
            {
                manifest[encoder]!["file"] = "means.onnx";
                manifest[encoder]!["output"] = "mean";
                manifest[encoder]!["patch_size"] = patch;
            }
            manifest["picture"] = new JsonObject { ["short_side"] = crop, ["long_side"] = 65_536, ["crop"] = crop, ["stride"] = stride };
        });
        return folder;
    }

    /// <summary>A bundle's encoders, for pictures together and alone.</summary>
    internal sealed class Encoders : IDisposable
    {
        private readonly LpossContext _context = ComputeDevice.Open(new ComputeOptions { Device = DevicePreference.Cpu }, withEncoders: false).Context;
        private readonly ImageEncoder _encoder;

        public Encoders(ModelBundle bundle, int batchSize)
        {
            _encoder = new ImageEncoder(bundle, new EncoderOptions { BatchSize = batchSize });
            Sharing = new SharedRuns(_encoder);
            Together = new PictureEncoder(_context, bundle, _encoder, EncoderPlacement.Arrays, batchSize, Sharing);
            Alone = new PictureEncoder(_context, bundle, _encoder, EncoderPlacement.Arrays, batchSize);
        }

        public SharedRuns Sharing { get; }

        public PictureEncoder Together { get; }

        public PictureEncoder Alone { get; }

        public void AssertSameAsAlone(RgbImage[] pictures, SegmentationSettings settings)
        {
            var together = Together.Encode(
                [.. pictures.Select(picture => Together.Prepare(picture, settings, CancellationToken.None))], settings, CancellationToken.None);

            Assert.Equal(pictures.Length, together.Count);
            for (int i = 0; i < pictures.Length; i++)
                AssertSame(Alone.Encode(pictures[i], settings, CancellationToken.None), together[i]);
        }

        public void Dispose()
        {
            _encoder.Dispose();
            _context.Dispose();
        }
    }

    internal static void AssertSame(EncodedPicture expected, EncodedPicture actual)
    {
        Assert.Same(expected.Picture, actual.Picture);
        Assert.Equal(expected.Windows.ToArray(), actual.Windows.ToArray());
        AssertSame(expected.Vlm, actual.Vlm);
        Assert.Equal(expected.Vm is null, actual.Vm is null);
        if (expected.Vm is not null)
            AssertSame(expected.Vm, actual.Vm!);
    }

    private static void AssertSame(FeatureMatrix expected, FeatureMatrix actual)
    {
        Assert.Equal((expected.Patches, expected.Dimensions), (actual.Patches, actual.Dimensions));
        Assert.Equal(expected.Patches * expected.Dimensions, actual.Values.Length);
        Assert.True(expected.Values.Span.SequenceEqual(actual.Values.Span), "the features differ");
    }
}
