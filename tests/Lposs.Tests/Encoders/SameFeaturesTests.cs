using System.Collections.Immutable;
using Lposs.Bundles;
using Lposs.Encoders;
using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Tests.Encoders;

/// <summary>
/// What an encoder says of a window or a text depends on that alone: not on the windows and texts beside it, the number
/// of threads or the size of a batch.
/// </summary>
public sealed class SameFeaturesTests
{
    private static readonly (int Width, int Height)[] s_sizes = [(96, 96), (700, 96), (3, 1), (40, 250), (130, 90)];

    [Theory]
    [InlineData(64)]
    [InlineData(96)]
    [InlineData(224)]
    [InlineData(448)]
    public void Of_the_bundled_encoders(int shortSide) =>
        AssertSame(ModelBundle.OpenDefault(), new SegmentationSettings { ShortSide = shortSide });

    /// <summary>An encoder that takes the mean of its run off every patch: a window beside others would show.</summary>
    [Fact]
    public void Of_an_encoder_that_looks_at_its_whole_run()
    {
        using var folder = MeansEncoders.Bundle(OnnxModelFile.PatchMeansLessThoseOfTheRun(8), 8);

        AssertSame(ModelBundle.Open(folder.Folder), new SegmentationSettings { ShortSide = 32, LongSide = 200 });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Of_texts(int threads)
    {
        var classes = ClassList.Parse("sky, road, building, tree, car, person, fence");
        using var alone = new TextEncoder(ModelBundle.OpenDefault(), new EncoderOptions { Threads = 1 });
        using var together = new TextEncoder(
            ModelBundle.OpenDefault(),
            new EncoderOptions { Threads = threads, BatchSize = 3 }
        );

        var embeddings = together.Encode(classes);

        for (int i = 0; i < classes.Prompts.Length; i++)
        {
            var one = alone.Encode(ClassList.Parse(classes.Prompts[i]));
            Assert.True(one.Row(0).SequenceEqual(embeddings.Row(i)), classes.Prompts[i]);
        }
    }

    private static void AssertSame(ModelBundle bundle, SegmentationSettings settings)
    {
        Image[] images = [.. s_sizes.Select((size, seed) => TestImages.Scene(size.Width, size.Height, seed))];
        var expected = Encode(bundle, settings, images, threads: 1, batchSize: 1);
        foreach (var (threads, batchSize) in ((int, int)[])[(1, 16), (2, 1), (2, 8), (3, 5), (8, 2)])
        {
            var found = Encode(bundle, settings, images, threads, batchSize);
            for (int i = 0; i < images.Length; i++)
            {
                string what = $"image {i}, {threads} threads, batches of {batchSize}";
                Assert.True(expected[i].Vlm.AsSpan().SequenceEqual(found[i].Vlm.AsSpan()), what);
                Assert.True(expected[i].Vm.AsSpan().SequenceEqual(found[i].Vm.AsSpan()), what);
            }
        }
    }

    private static List<(ImmutableArray<float> Vlm, ImmutableArray<float> Vm)> Encode(
        ModelBundle bundle,
        SegmentationSettings settings,
        Image[] images,
        int threads,
        int batchSize
    )
    {
        using var segmenter = new Segmenter(
            bundle,
            new SegmenterOptions
            {
                Device = DevicePreference.Cpu,
                Threads = threads,
                BatchSize = batchSize,
            }
        );
        var features = new List<(ImmutableArray<float>, ImmutableArray<float>)>();
        foreach (var image in images)
        {
            using var encoded = segmenter.Encode(image, settings);
            features.Add(([.. encoded.Vlm.Values.Span], [.. encoded.Vm!.Values.Span]));
        }
        return features;
    }
}
