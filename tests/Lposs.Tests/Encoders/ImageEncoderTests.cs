using System.Text.Json.Nodes;
using Lposs.Bundles;
using Lposs.Encoders;
using Lposs.Tests.Support;
using Lposs.Tools.Import;
using Xunit;

namespace Lposs.Tests.Encoders;

public sealed class ImageEncoderTests
{
    private const int Crop = 224;

    private static readonly EncoderOptions s_oneThread = new() { Threads = 1 };

    [Fact]
    public void The_bundled_model_gives_a_unit_vector_for_every_patch()
    {
        using var encoder = new ImageEncoder(ModelBundle.OpenDefault(), s_oneThread);

        var features = encoder.Encode(new WindowPixels(Noise(3), 3, Crop, Crop));

        Assert.True(encoder.SharesWindows);
        foreach (var patches in new[] { features.Vlm, features.Vm })
        {
            Assert.Equal((3, 14, 14, 64), (patches.Windows, patches.GridHeight, patches.GridWidth, patches.Dimensions));
            Assert.Equal(3 * 196, patches.Patches);
            Assert.Equal(3 * 196 * 64, patches.Values.Length);
            for (int patch = 0; patch < patches.Patches; patch++)
                Assert.Equal(1, Norm(patches.Values.Span.Slice(patch * 64, 64)), 1e-5);
        }
    }

    /// <summary>
    /// Stored numbers, made once by ONNX Runtime 1.29.0 on x86-64 through this class: they tell a change, not
    /// the truth. The tolerance leaves room for the summation order of other processors.
    /// </summary>
    [Fact]
    public void The_bundled_model_gives_the_numbers_it_gave()
    {
        using var encoder = new ImageEncoder(ModelBundle.OpenDefault(), s_oneThread);

        var features = encoder.Encode(new WindowPixels(Noise(1), 1, Crop, Crop));

        AssertNear(
            [0.16390f, 0.17624f, 0.07624f, -0.00494f, 0.04408f, -0.01322f],
            features.Vlm.Values.Span.Slice(100 * 64, 6)
        );
        AssertNear(
            [0.00983f, -0.01076f, 0.20783f, 0.04454f, -0.15828f, -0.16018f],
            features.Vm.Values.Span.Slice(100 * 64, 6)
        );
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(3, 2)]
    public void Features_are_the_same_bits_for_any_batch_size_and_number_of_threads(int batchSize, int threads)
    {
        float[] windows = Noise(5);
        using var usual = new ImageEncoder(ModelBundle.OpenDefault(), s_oneThread);
        using var other = new ImageEncoder(
            ModelBundle.OpenDefault(),
            new EncoderOptions { BatchSize = batchSize, Threads = threads }
        );

        var expected = usual.Encode(new WindowPixels(windows, 5, Crop, Crop));
        var actual = other.Encode(new WindowPixels(windows, 5, Crop, Crop));

        Assert.True(expected.Vlm.Values.Span.SequenceEqual(actual.Vlm.Values.Span));
        Assert.True(expected.Vm.Values.Span.SequenceEqual(actual.Vm.Values.Span));
    }

    [Fact]
    public void The_vision_language_model_alone_gives_what_it_gives_beside_the_other()
    {
        float[] windows = Noise(2);
        using var encoder = new ImageEncoder(ModelBundle.OpenDefault(), s_oneThread);

        var both = encoder.Encode(new WindowPixels(windows, 2, Crop, Crop));
        var alone = encoder.EncodeVlm(new WindowPixels(windows, 2, Crop, Crop));

        Assert.True(both.Vlm.Values.Span.SequenceEqual(alone.Values.Span));
    }

    [Fact]
    public void Windows_larger_than_a_fixed_input_are_refused()
    {
        using var folder = new TestBundle();
        UseMeans(
            folder,
            OnnxModelFile.PatchMeans(patch: 2, batch: 1, height: 4, width: 4, reach: 4),
            patch: 2,
            crop: 4
        );
        using var encoder = new ImageEncoder(ModelBundle.Open(folder.Folder), s_oneThread);
        var refusal = Assert.Throws<ArgumentException>(() =>
            encoder.EncodeVlm(new WindowPixels(new float[3 * 6 * 4], 1, 6, 4), patch: 2)
        );
        Assert.Equal("windows have 6 rows; the encoder takes 4 at most.", refusal.Message);
    }

    [Fact]
    public void Padding_is_what_black_becomes_when_normalised()
    {
        using var folder = new TestBundle();
        UseMeans(
            folder,
            OnnxModelFile.PatchMeans(patch: 2, batch: 1, height: 4, width: 4, reach: 4),
            patch: 2,
            crop: 4
        );
        folder.Edit(manifest =>
        {
            foreach (string encoder in (string[])["vlm", "vm"])
            {
                manifest[encoder]!["mean"] = new JsonArray(0.5, 0.25, 0);
                manifest[encoder]!["std"] = new JsonArray(0.5, 0.5, 0.5);
            }
        });
        using var encoder = new ImageEncoder(ModelBundle.Open(folder.Folder), s_oneThread);

        // Two windows of one patch each, though the model takes 4 x 4 and one at a time.
        var features = encoder.EncodeVlm(
            new WindowPixels([.. Planes(2, 2, 1, 2, 3), .. Planes(2, 2, 4, 5, 6)], 2, 2, 2),
            patch: 2
        );

        Assert.Equal((2, 1, 1, 3), (features.Windows, features.GridHeight, features.GridWidth, features.Dimensions));
        // Each mean is over the 4 pixels of the window and 12 of the padding, which are (-1, -0.5, 0).
        Assert.Equal<float>([-0.5f, 0.125f, 0.75f, 0.25f, 0.875f, 1.5f], features.Values.ToArray());
    }

    [Fact]
    public void Two_models_of_different_patch_size_read_windows_of_their_own()
    {
        using var folder = new TestBundle();
        UseMeans(folder, OnnxModelFile.PatchMeans(patch: 4), patch: 4, crop: 8);
        folder.Put("vm.onnx", OnnxModelFile.PatchMeans(patch: 2));
        folder.Edit(manifest =>
        {
            manifest["vm"]!["file"] = "vm.onnx";
            manifest["vm"]!["patch_size"] = 2;
            manifest["vm"]!["mean"] = new JsonArray(0.5, 0.5, 0.5);
        });
        using var encoder = new ImageEncoder(ModelBundle.Open(folder.Folder), s_oneThread);
        float[] rising = [.. Enumerable.Range(0, 3 * 6 * 8).Select(i => (float)i)];

        var (vlm, vm) = encoder.Encode(
            new WindowPixels(Planes(8, 8, 1, 2, 3), 1, 8, 8),
            new WindowPixels(rising, 1, 6, 8),
            vlmPatch: 4,
            vmPatch: 2
        );

        Assert.False(encoder.SharesWindows);
        Assert.Equal((2, 2), (vlm.GridHeight, vlm.GridWidth));
        Assert.Equal((3, 4), (vm!.GridHeight, vm!.GridWidth));
        Assert.Equal<float>([1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3], vlm.Values.ToArray());
        // The patch of row 1, column 2 covers (2..3, 4..5): the mean of 20, 21, 28, 29 in the first channel, 48 more in
        // each next one.
        Assert.Equal<float>([24.5f, 72.5f, 120.5f], vm!.Values.Slice((1 * 4 + 2) * 3, 3).ToArray());
    }

    [Theory]
    [InlineData(225, 224, "windows have 225 rows; that must be a multiple of the patch size 16.")]
    [InlineData(224, 200, "windows have 200 columns; that must be a multiple of the patch size 16.")]
    public void Windows_that_do_not_fit_are_refused(int height, int width, string sentence)
    {
        using var encoder = new ImageEncoder(ModelBundle.OpenDefault(), s_oneThread);
        var refusal = Assert.Throws<ArgumentException>(() =>
            encoder.EncodeVlm(new WindowPixels(new float[3 * height * width], 1, height, width))
        );
        Assert.Equal(sentence, refusal.Message);
    }

    [Fact]
    public void Encoding_can_be_cancelled()
    {
        using var encoder = new ImageEncoder(ModelBundle.OpenDefault(), s_oneThread);
        Assert.Throws<OperationCanceledException>(() =>
            encoder.Encode(
                new WindowPixels(Noise(1), 1, Crop, Crop),
                cancellationToken: new CancellationToken(canceled: true)
            )
        );
    }

    [Theory]
    [InlineData(
        "vlm.output",
        "\"patches\"",
        "image.onnx has no output patches, which the manifest names, but patch, vm."
    )]
    [InlineData("vm.output", "\"vlm\"", "image.onnx has no output vlm, which the manifest names, but patch, vm.")]
    [InlineData("vlm.file", "\"text.onnx\"", "text.onnx has the inputs ids, and the manifest names one, image.")]
    [InlineData("vlm.file", "\"words.json\"", "words.json cannot be opened by ONNX Runtime ")]
    public void A_manifest_that_does_not_fit_the_model_is_refused(string member, string value, string sentence)
    {
        using var folder = new TestBundle();
        folder.Edit(manifest => manifest[member.Split('.')[0]]![member.Split('.')[1]] = JsonNode.Parse(value));
        Assert.StartsWith(sentence, Refusal(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void A_patch_size_that_does_not_divide_a_fixed_input_is_refused()
    {
        using var folder = new TestBundle();
        UseMeans(
            folder,
            OnnxModelFile.PatchMeans(patch: 2, batch: 1, height: 4, width: 4, reach: 4),
            patch: 3,
            crop: 4
        );
        string refusal = Refusal(folder);
        Assert.EndsWith(
            " takes windows of 4 pixels, which is no multiple of patch_size 3.",
            refusal,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_crop_that_a_fixed_input_does_not_take_is_refused()
    {
        using var folder = new TestBundle();
        UseMeans(
            folder,
            OnnxModelFile.PatchMeans(patch: 2, batch: 1, height: 4, width: 4, reach: 4),
            patch: 2,
            crop: 8
        );
        Assert.EndsWith(
            " takes windows of 4 pixels only, and the manifest's crop is 8.",
            Refusal(folder),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_patch_size_that_is_not_the_models_is_refused_when_it_shows()
    {
        using var folder = new TestBundle();
        SetBoth(folder, "patch_size", JsonValue.Create(32));
        using var encoder = new ImageEncoder(ModelBundle.Open(folder.Folder), s_oneThread);

        var refusal = Failing.With(
            LpossErrorCode.InvalidBundle,
            () => encoder.Encode(new WindowPixels(Noise(1), 1, Crop, Crop), patch: 32)
        );

        Assert.Equal(
            folder.PathOf(
                "image.onnx gives output patch the shape 1 x 14 x 14 x 64 for 1 windows of 224 x 224; with patch_size "
                    + "32 it must be 1 x 49 x D or 1 x 7 x 7 x D."
            ),
            refusal.Message
        );
    }

    [Theory]
    [InlineData(
        OnnxModelFile.Float,
        new[] { -1, 3, -1 },
        new[] { "image" },
        "has an input image of 3 dimensions; it must have 4."
    )]
    [InlineData(OnnxModelFile.Float, new[] { -1, 4, -1, -1 }, new[] { "image" }, "takes 4 channels; it must take 3.")]
    [InlineData(
        OnnxModelFile.Float,
        new[] { 2, 3, -1, -1 },
        new[] { "image" },
        "takes batches of 2 only; the batch must be free or 1."
    )]
    [InlineData(
        OnnxModelFile.UInt8,
        new[] { -1, 3, -1, -1 },
        new[] { "image" },
        "has an input image of UInt8; it must be a tensor of Float."
    )]
    [InlineData(
        OnnxModelFile.Float,
        new[] { -1, 3, -1, -1 },
        new[] { "image", "mask" },
        "has the inputs image, mask, and the manifest names one, image."
    )]
    public void A_model_of_another_kind_is_refused(int type, int[] shape, string[] inputs, string sentence)
    {
        using var folder = new TestBundle();
        UseMeans(folder, OnnxModelFile.Identity(type, shape, inputs), patch: 2, crop: 4);
        SetBoth(folder, "output", JsonValue.Create("same"));
        Assert.Equal($"means.onnx {sentence}", Refusal(folder));
    }

    [SkippableFact]
    public void Cuda_fails_loudly_where_the_runtime_was_built_without_it()
    {
        Skip.If(EncoderRuntime.Providers.Contains("CUDAExecutionProvider"), "this ONNX Runtime was built with CUDA");
        var refusal = Failing.With(
            LpossErrorCode.DeviceUnavailable,
            () => new ImageEncoder(ModelBundle.OpenDefault(), new EncoderOptions { Device = EncoderDevice.Cuda })
        );
        Assert.Equal(
            $"encoders cannot run on CUDA: the ONNX Runtime {EncoderRuntime.Version} beside the program was built "
                + "without it (CPUExecutionProvider); one with the CUDA provider is needed in its place, or the CPU.",
            refusal.Message
        );
        Assert.Equal(refusal.Message, EncoderRuntime.FindCudaProblem());
    }

    /// <summary>Puts a model in the place of both image encoders.</summary>
    private static void UseMeans(TestBundle folder, byte[] model, int patch, int crop)
    {
        folder.Put("means.onnx", model);
        folder.Edit(manifest =>
        {
            foreach (string encoder in (string[])["vlm", "vm"])
            {
                manifest[encoder]!["file"] = "means.onnx";
                manifest[encoder]!["output"] = "mean";
                manifest[encoder]!["patch_size"] = patch;
            }
            manifest["image"] = new JsonObject { ["crop"] = crop };
        });
    }

    /// <summary>Changes a member of both image encoders.</summary>
    private static void SetBoth(TestBundle folder, string member, JsonValue value) =>
        folder.Edit(manifest =>
        {
            manifest["vlm"]![member] = value;
            manifest["vm"]![member] = value.DeepClone();
        });

    private static string Refusal(TestBundle folder)
    {
        var bundle = ModelBundle.Open(folder.Folder);
        var refusal = Failing.With(LpossErrorCode.InvalidBundle, () => new ImageEncoder(bundle, s_oneThread));
        return refusal.Message.Replace(folder.Folder + "/", "", StringComparison.Ordinal);
    }

    /// <summary>One window whose three channels are constant.</summary>
    private static float[] Planes(int height, int width, float red, float green, float blue) =>
        [.. new[] { red, green, blue }.SelectMany(value => Enumerable.Repeat(value, height * width))];

    /// <summary>Windows with values from 0 to 1, the same on every machine (a linear congruential generator).</summary>
    private static float[] Noise(int windows)
    {
        float[] values = new float[windows * 3 * Crop * Crop];
        uint state = 1;
        for (int i = 0; i < values.Length; i++)
        {
            state = state * 1664525 + 1013904223;
            values[i] = (state >> 8) / (float)(1 << 24);
        }
        return values;
    }

    private static double Norm(ReadOnlySpan<float> vector)
    {
        double sum = 0;
        foreach (float value in vector)
            sum += (double)value * value;
        return Math.Sqrt(sum);
    }

    private static void AssertNear(float[] expected, ReadOnlySpan<float> actual)
    {
        float[] values = actual.ToArray();
        Assert.Equal(expected.Length, values.Length);
        Assert.True(
            expected.Zip(values, (e, a) => Math.Abs(e - a) <= 1e-4f).All(near => near),
            $"it gave {string.Join(", ", values)}"
        );
    }
}
