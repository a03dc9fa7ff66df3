using System.Text.Json.Nodes;
using Lposs.Bundles;
using Lposs.Encoders;
using Lposs.Imaging;
using Lposs.Tests.Support;
using Lposs.Tools.Evaluation;
using Lposs.Tools.Import;
using Xunit;

namespace Lposs.Tests.Segmentation;

public sealed class SegmenterTests
{
    private static readonly SegmenterOptions s_processor = new() { Device = DevicePreference.Cpu };
    private static readonly ClassList s_classes = ClassList.Parse("sky, road; street, tree");

    [Theory]
    [InlineData(120, 90, null)]
    [InlineData(90, 130, null)]
    [InlineData(1, 1, null)]
    [InlineData(150, 100, 100)]
    [InlineData(640, 3, null)]
    public void Labels_have_the_size_of_the_image_whatever_the_encoders_see(int width, int height, int? shortSide)
    {
        using var segmenter = new Segmenter(ModelBundle.OpenDefault(), s_processor);

        var result = segmenter.Segment(
            TestImages.Scene(width, height),
            s_classes,
            new SegmentationSettings { ShortSide = shortSide }
        );

        Assert.Equal((width, height), (result.Labels.Width, result.Labels.Height));
        Assert.InRange(result.Labels.Maximum(), 0, 2);
        Assert.Null(result.Scores);
        Assert.Null(result.Confidence);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void In_the_sample_image_the_sky_is_above_and_the_road_below()
    {
        using var segmenter = new Segmenter(ModelBundle.OpenDefault(), s_processor);
        var image = Image.Load(Path.Combine(AppContext.BaseDirectory, "street.png"));

        var labels = segmenter.Segment(image, ClassList.Parse("sky, building, road, pavement, tree, car")).Labels;

        Assert.Equal(0, MostFrequent(labels, 0));
        Assert.Equal(2, MostFrequent(labels, labels.Height - 1));
        static int MostFrequent(LabelMap labels, int y) =>
            labels.Row(y).ToArray().GroupBy(label => label).MaxBy(group => group.Count())!.Key;
    }

    [Theory]
    [InlineData(SegmentationMode.Vlm)]
    [InlineData(SegmentationMode.Lposs)]
    [InlineData(SegmentationMode.LpossPlus)]
    public void The_result_says_how_it_was_made(SegmentationMode mode)
    {
        using var segmenter = new Segmenter(ModelBundle.OpenDefault(), s_processor);

        var result = segmenter.Segment(
            TestImages.Scene(160, 120),
            s_classes,
            new SegmentationSettings
            {
                Mode = mode,
                WithScores = true,
                WithConfidence = true,
            }
        );

        Assert.Equal([120, 160, 3], result.Scores!.Shape.ToArray());
        Assert.Equal([120, 160], result.Confidence!.Shape.ToArray());
        for (int i = 0; i < 120 * 160; i++)
        {
            float[] scores = result.Scores.Span.Slice(3 * i, 3).ToArray();
            float[] sorted = [.. scores.OrderDescending()];
            Assert.Equal(Array.IndexOf(scores, sorted[0]), result.Labels.Labels.Span[i]);
            Assert.Equal(sorted[0] - sorted[1], result.Confidence.Span[i], 1e-5);
        }
        Assert.Equal(mode, result.Mode);
        Assert.Equal(mode == SegmentationMode.Vlm, result.PatchSolve is null);
        Assert.Equal(mode != SegmentationMode.LpossPlus, result.PixelSolve is null);
        // One column for each of the four prompts.
        Assert.All(
            new[] { result.PatchSolve, result.PixelSolve }.OfType<SolveReport>(),
            solve => Assert.Equal(4, solve.Steps.Length)
        );
        Assert.True(result.Times.Image.ImageEncoders > 0 && result.Times.Core.Total > 0);
        Assert.True(result.Times.Total >= result.Times.Core.Total + result.Times.Image.ImageEncoders);
        Assert.Equal(LpossDevice.Cpu, result.Device.Core);
        Assert.Equal(EncoderDevice.Cpu, result.Device.Encoders);
        Assert.Equal("asked for", result.Device.Reason);
    }

    [Fact]
    public void An_encoded_image_gives_the_same_as_the_image_and_serves_again()
    {
        using var segmenter = new Segmenter(ModelBundle.OpenDefault(), s_processor);
        var image = TestImages.Scene(160, 120);
        var settings = new SegmentationSettings { WithScores = true };

        var encoded = segmenter.Encode(image);
        var others = segmenter.Segment(encoded, ClassList.Parse("car"));
        var twice = segmenter.Segment(encoded, s_classes, settings);
        var direct = segmenter.Segment(image, s_classes, settings);

        Assert.Equal(0, others.Labels.Maximum());
        Assert.Equal(direct.Labels.Labels.ToArray(), twice.Labels.Labels.ToArray());
        Assert.Equal(direct.Scores!.Span.ToArray(), twice.Scores!.Span.ToArray());
    }

    [Fact]
    public void Results_are_the_same_bits_for_any_number_of_threads_and_windows_in_a_batch()
    {
        var image = TestImages.Scene(300, 200);
        using var one = new Segmenter(ModelBundle.OpenDefault(), s_processor with { Threads = 1, BatchSize = 1 });
        using var three = new Segmenter(ModelBundle.OpenDefault(), s_processor with { Threads = 3, BatchSize = 5 });
        var settings = new SegmentationSettings { WithScores = true };

        var first = one.Segment(image, s_classes, settings);
        var second = three.Segment(image, s_classes, settings);

        Assert.Equal(first.Scores!.Span.ToArray(), second.Scores!.Span.ToArray());
        Assert.Equal((1, 3), (first.Device.Threads, second.Device.Threads));
    }

    [Fact]
    public async Task Threads_may_share_a_segmenter()
    {
        using var segmenter = new Segmenter(ModelBundle.OpenDefault(), s_processor);
        Image[] images = [.. Enumerable.Range(0, 4).Select(seed => TestImages.Scene(120, 90, seed))];
        ushort[][] expected = [.. images.Select(image => segmenter.Segment(image, s_classes).Labels.Labels.ToArray())];

        var results = await Task.WhenAll(images.Select(image => Task.Run(() => segmenter.Segment(image, s_classes))));

        for (int i = 0; i < images.Length; i++)
            Assert.Equal(expected[i], results[i].Labels.Labels.ToArray());
    }

    [Fact]
    public void Labels_are_the_ids_of_the_classes()
    {
        using var segmenter = new Segmenter(ModelBundle.OpenDefault(), s_processor);
        var classes = new ClassList([new ClassDefinition("sky") { Id = 700 }, new ClassDefinition("road") { Id = 3 }]);

        var result = segmenter.Segment(TestImages.Scene(160, 120), classes);

        Assert.Equal([3, 700], result.Labels.Labels.ToArray().Distinct().Order().Select(label => (int)label));
    }

    [Fact]
    public void Words_that_the_encoders_never_learnt_are_warned_of_by_name()
    {
        using var segmenter = new Segmenter(ModelBundle.OpenDefault(), s_processor);

        var result = segmenter.Segment(TestImages.Scene(60, 40), ClassList.Parse("sky; zebra, laptop"));

        Assert.Equal(["zebra", "laptop"], segmenter.UnknownPrompts(result.Classes));
        string warning = Assert.Single(result.Warnings);
        Assert.Contains("'zebra', 'laptop'", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("sky", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Features_of_padding_take_no_part()
    {
        using var segmenter = new Segmenter(ModelBundle.OpenDefault(), s_processor);

        var encoded = segmenter.Encode(TestImages.Scene(125, 100), new SegmentationSettings { ShortSide = 100 });

        Assert.Equal(1, encoded.Windows.Length);
        Assert.Equal(new Window(0, 100, 0, 125), encoded.Windows[0]);
        Assert.Equal((7 * 8, 7 * 8), (encoded.Vlm.Patches, encoded.Vm!.Patches));
    }

    [Fact]
    public void A_vision_model_of_another_patch_size_sets_the_grid()
    {
        using var folder = MeansBundle(vlmPatch: 8, vmPatch: 4);
        using var segmenter = new Segmenter(ModelBundle.Open(folder.Folder), s_processor);
        // Green rises by 5 from column to column; red and blue are constant.
        var image = TestImages.Render(32, 16, (x, _) => (100, (byte)(5 * x), 30));

        var encoded = segmenter.Encode(image);

        Assert.Equal(4, encoded.PatchSize);
        Assert.Equal((32, 32), (encoded.Vlm.Patches, encoded.Vm!.Patches));
        // The second row of patches: means over 4 columns, and means over 8 columns resized to the finer grid.
        float[] vm = [.. Enumerable.Range(8, 8).Select(patch => encoded.Vm.Values.Span[3 * patch + 1] * 255)];
        float[] vlm = [.. Enumerable.Range(8, 8).Select(patch => encoded.Vlm.Values.Span[3 * patch + 1] * 255)];
        AssertNear([7.5f, 27.5f, 47.5f, 67.5f, 87.5f, 107.5f, 127.5f, 147.5f], vm);
        AssertNear([17.5f, 27.5f, 47.5f, 67.5f, 87.5f, 107.5f, 127.5f, 137.5f], vlm);
    }

    [Fact]
    public void In_mode_vlm_the_vision_model_does_not_run()
    {
        using var folder = MeansBundle(vlmPatch: 8, vmPatch: 4);
        using var segmenter = new Segmenter(ModelBundle.Open(folder.Folder), s_processor);

        var encoded = segmenter.Encode(
            TestImages.Scene(32, 16),
            new SegmentationSettings { Mode = SegmentationMode.Vlm }
        );

        Assert.Null(encoded.Vm);
        Assert.Equal((8, 8), (encoded.PatchSize, encoded.Vlm.Patches));
        var error = Assert.Throws<ArgumentException>(() => segmenter.Segment(encoded, s_classes));
        Assert.Contains("encoded without the vision model", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encoders_that_do_not_share_a_space_are_refused()
    {
        using var folder = MeansBundle(vlmPatch: 8, vmPatch: 8);
        using var segmenter = new Segmenter(ModelBundle.Open(folder.Folder), s_processor);

        var error = Failing.With(
            LpossErrorCode.InvalidBundle,
            () => segmenter.Segment(TestImages.Scene(32, 16), s_classes)
        );

        Assert.Contains(
            "the text encoder gives 64 numbers and the image encoder vlm 3",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_cancelled_call_stops()
    {
        using var segmenter = new Segmenter(ModelBundle.OpenDefault(), s_processor);
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() =>
            segmenter.Segment(TestImages.Scene(60, 40), s_classes, null, cancellation.Token)
        );
        Assert.NotNull(segmenter.Segment(TestImages.Scene(60, 40), s_classes));
    }

    [Fact]
    public void A_memory_limit_that_is_too_small_is_refused_and_the_segmenter_lives_on()
    {
        using var segmenter = new Segmenter(ModelBundle.OpenDefault(), s_processor with { MemoryLimit = 4_000_000 });

        Failing.With(LpossErrorCode.MemoryLimit, () => segmenter.Segment(TestImages.Scene(320, 240), s_classes));
        Assert.NotNull(
            segmenter.Segment(
                TestImages.Scene(60, 40),
                s_classes,
                new SegmentationSettings { ShortSide = 60, Mode = SegmentationMode.Vlm }
            )
        );
    }

    [SkippableFact]
    public void Auto_takes_the_processor_where_CUDA_does_not_work_and_says_why()
    {
        Skip.If(LpossLibrary.Probe(LpossDevice.Cuda).IsAvailable, "there is a CUDA device");
        using var segmenter = new Segmenter(ModelBundle.OpenDefault());

        Assert.Equal((LpossDevice.Cpu, EncoderDevice.Cpu), (segmenter.Device.Core, segmenter.Device.Encoders));
        Assert.StartsWith("CUDA cannot be used: ", segmenter.Device.Reason, StringComparison.Ordinal);
        Failing.With(
            LpossErrorCode.DeviceUnavailable,
            () =>
                new Segmenter(
                    ModelBundle.OpenDefault(),
                    new SegmenterOptions { Device = DevicePreference.Cuda }
                ).Dispose()
        );
    }

    private static void AssertNear(float[] expected, float[] actual)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.True(
                Math.Abs(expected[i] - actual[i]) < 1e-3,
                $"{string.Join(", ", actual)} instead of {string.Join(", ", expected)}"
            );
    }

    /// <summary>A bundle whose image encoders give each patch's mean colour.</summary>
    private static TestBundle MeansBundle(int vlmPatch, int vmPatch)
    {
        var folder = new TestBundle();
        folder.Put("vlm.onnx", OnnxModelFile.PatchMeans(vlmPatch));
        folder.Put("vm.onnx", OnnxModelFile.PatchMeans(vmPatch));
        folder.Edit(manifest =>
        {
            foreach (var (encoder, patch) in new[] { ("vlm", vlmPatch), ("vm", vmPatch) })
            {
                manifest[encoder]!["file"] = encoder + ".onnx";
                manifest[encoder]!["output"] = "mean";
                manifest[encoder]!["patch_size"] = patch;
            }
            manifest["image"] = new JsonObject
            {
                ["short_side"] = 16,
                ["long_side"] = 64,
                ["crop"] = 32,
                ["stride"] = 16,
            };
        });
        return folder;
    }
}
