using Lposs.Arrays;
using Lposs.Onnx;
using Lposs.Tests.Imaging;
using Lposs.Towers;
using Lposs.Weights;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace Lposs.Tests.Towers;

/// <summary>
/// Exported towers in ONNX Runtime against the formulas in PyTorch, with random weights: small ones, and of the full
/// size of ViT-B where LPOSS_FULL_TOWERS is set (a few minutes).
/// </summary>
public sealed class TowerParityTests : IDisposable
{
    /// <summary>Relative L2 in float32; sums of 12 blocks in another order differ by about 1e-6.</summary>
    private const double Tolerance = 2e-5;

    /// <summary>With weights and numbers rounded to 11 bits.</summary>
    private const double HalfTolerance = 2e-2;

    private static readonly string s_size = Environment.GetEnvironmentVariable("LPOSS_FULL_TOWERS") is null ? "tiny" : "full";

    // The table's own grid, a wide one, and a small one as of a padded window, in patches.
    private static readonly (int Rows, int Columns)[] s_grids = [(14, 14), (14, 21), (9, 5), (16, 16)];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("maskclip", "open_clip", "gelu")]
    [InlineData("maskclip", "hf", "quick_gelu")]
    [InlineData("sclip", "open_clip", "quick_gelu")]
    [InlineData("clearclip", "open_clip", "quick_gelu")]
    [InlineData("nacclip", "hf", "gelu")]
    [InlineData("gem", "open_clip", "quick_gelu")]
    public void Clips_image_tower_is_PyTorchs(string variant, string naming, string activation)
    {
        ReferenceTowers.Require();
        string path = ReferenceTowers.Make(_folder, "clip", naming, "--size", s_size, "--seed", "3");
        using var weights = WeightSet.Open(path);
        var tower = ClipImageTower.Build(ClipWeights.Of(weights), VariantOf(variant), ActivationOf(activation), Precision.F32);
        Compare(tower, "clip", path, Tolerance, "--variant", variant, "--activation", activation);
    }

    [SkippableTheory]
    [InlineData("open_clip", "gelu")]
    [InlineData("hf", "quick_gelu")]
    public void Clips_text_tower_is_PyTorchs(string naming, string activation)
    {
        ReferenceTowers.Require();
        string path = ReferenceTowers.Make(_folder, "clip", naming, "--size", s_size, "--seed", "4", "--dtype", "F16");
        using var weights = WeightSet.Open(path);
        var clip = ClipWeights.Of(weights);
        var tower = ClipTextTower.Build(clip, ActivationOf(activation), Precision.F32);
        int end = (int)weights.ShapeOf(naming == "hf" ? "text_model.embeddings.token_embedding.weight" : "token_embedding.weight", 2)[0] - 1;

        // Prompts of several lengths, one as long as the context; one padded with the end token, as Hugging Face does.
        long[] ids = new long[4 * tower.Size];
        var random = new Random(5);
        int[] lengths = [2, 9, tower.Size, 5];
        for (int prompt = 0; prompt < lengths.Length; prompt++)
        {
            var row = ids.AsSpan(prompt * tower.Size, tower.Size);
            for (int i = 0; i < lengths[prompt] - 1; i++)
                row[i] = random.Next(1, end);
            row[lengths[prompt] - 1] = end;
            if (prompt == 3)
                row[lengths[prompt]..].Fill(end);
        }
        string input = _folder.At("ids.npy");
        NpyFile.Write<long>(input, [lengths.Length, tower.Size], ids);
        var expected = ReferenceTowers.Compute(_folder, "clip", path, input, "--text", "--activation", activation);
        Near(expected, RunGraph(tower, ids, [lengths.Length, tower.Size]), Tolerance, "text");
    }

    [SkippableTheory]
    [InlineData("dino", "original", "v", 0)]
    [InlineData("dino", "hf", "k", 0)]
    [InlineData("dinov2", "original", "v", 0)]
    [InlineData("dinov2", "hf", "q", 0)]
    [InlineData("dinov2", "original", "v", 4)]
    [InlineData("dinov2", "hf", "v", 4)]
    public void Dinos_tower_is_PyTorchs(string kind, string naming, string feature, int registers)
    {
        ReferenceTowers.Require();
        string[] options = kind == "dinov2" ? ["--registers", $"{registers}"] : [];
        string path = ReferenceTowers.Make(_folder, kind, naming, ["--size", s_size, "--seed", "6", .. options]);
        using var weights = WeightSet.Open(path);
        var part = feature switch { "q" => DinoFeature.Query, "k" => DinoFeature.Key, _ => DinoFeature.Value };
        Compare(DinoTower.Build(weights, part, Precision.F32), kind, path, Tolerance, "--feature", feature);
    }

    [SkippableFact]
    public void Patches_of_8_pixels_work_too()
    {
        ReferenceTowers.Require();
        string path = ReferenceTowers.Make(_folder, "dino", "original", "--size", "tiny", "--patch", "8", "--grid", "28", "--dtype", "BF16");
        using var weights = WeightSet.Open(path);
        Compare(DinoTower.Build(weights, DinoFeature.Value, Precision.F32), "dino", path, Tolerance, "--feature", "v");
    }

    /// <summary>The width of ViT-H, whose 16 heads are 80 wide, with two of its 32 blocks.</summary>
    [SkippableFact]
    public void Heads_of_80_work_too()
    {
        ReferenceTowers.Require();
        string path = ReferenceTowers.Make(_folder, "clip", "open_clip", "--size", "tiny", "--width", "1280", "--layers", "2", "--patch", "14", "--grid", "16", "--dtype", "F16");
        using var weights = WeightSet.Open(path);
        var tower = ClipImageTower.Build(ClipWeights.Of(weights), DenseVariant.MaskClip, Activation.Gelu, Precision.F32);
        Compare([(16, 16), (3, 5)], tower, "clip", path, Tolerance, "--variant", "maskclip", "--activation", "gelu");
    }

    [SkippableTheory]
    [InlineData("maskclip")]
    [InlineData("nacclip")]
    [InlineData("gem")]
    public void Half_precision_is_near(string variant)
    {
        ReferenceTowers.Require();
        string path = ReferenceTowers.Make(_folder, "clip", "open_clip", "--size", "tiny", "--seed", "7");
        using var weights = WeightSet.Open(path);
        var tower = ClipImageTower.Build(ClipWeights.Of(weights), VariantOf(variant), Activation.Gelu, Precision.F16);
        Compare(tower, "clip", path, HalfTolerance, "--variant", variant, "--activation", "gelu");
    }

    [SkippableFact]
    public void An_activation_that_is_not_the_models_shows()
    {
        ReferenceTowers.Require();
        string path = ReferenceTowers.Make(_folder, "clip", "open_clip", "--size", "tiny", "--seed", "8");
        using var weights = WeightSet.Open(path);
        var tower = ClipImageTower.Build(ClipWeights.Of(weights), DenseVariant.MaskClip, Activation.QuickGelu, Precision.F32);
        float[] pixels = Noise(1, 224, 224);
        string input = _folder.At("pixels.npy");
        NpyFile.Write<float>(input, [1, 3, 224, 224], pixels);
        var expected = ReferenceTowers.Compute(_folder, "clip", path, input, "--variant", "maskclip", "--activation", "gelu");
        Assert.True(Distance(expected.Span, RunGraph(tower, pixels, [1, 3, 224, 224]).Values) > 1e-3);
    }

    private void Compare(BuiltTower tower, string kind, string weights, double tolerance, params string[] options) =>
        Compare(s_grids, tower, kind, weights, tolerance, options);

    private void Compare((int Rows, int Columns)[] grids, BuiltTower tower, string kind, string weights, double tolerance, params string[] options)
    {
        string path = _folder.At("tower.onnx");
        GraphFile.Write(path, tower.Graph);
        var inputs = grids.Select((grid, i) =>
        {
            int[] shape = [2, 3, grid.Rows * tower.Size, grid.Columns * tower.Size];
            string file = _folder.At($"pixels{i}.npy");
            float[] pixels = Noise(shape[0], shape[2], shape[3]);
            NpyFile.Write<float>(file, shape, pixels);
            return (grid.Rows, grid.Columns, File: file, Shape: shape, Pixels: pixels);
        }).ToArray();
        var expected = ReferenceTowers.Compute(_folder, kind, weights, [.. inputs.Select(input => input.File)], options);
        foreach (var (input, features) in inputs.Zip(expected))
        {
            Assert.Equal([2, input.Rows, input.Columns, tower.Dimensions], features.Shape);
            Near(features, RunFile(path, tower, input.Pixels, [.. input.Shape.Select(size => (long)size)]), tolerance, $"{input.Rows} x {input.Columns}");
        }
    }

    private static float[] Noise(int batch, int height, int width)
    {
        var random = new Random(batch + height + width);
        float[] pixels = new float[batch * 3 * height * width];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (float)(random.NextDouble() * 4 - 2);
        return pixels;
    }

    private (long[] Shape, float[] Values) RunGraph<T>(BuiltTower tower, T[] input, long[] shape)
        where T : unmanaged
    {
        string path = _folder.At("tower.onnx");
        GraphFile.Write(path, tower.Graph);
        return RunFile(path, tower, input, shape);
    }

    private static (long[] Shape, float[] Values) RunFile<T>(string path, BuiltTower tower, T[] input, long[] shape)
        where T : unmanaged
    {
        using var session = new InferenceSession(path);
        using var value = OrtValue.CreateTensorValueFromMemory(input, shape);
        using var options = new RunOptions();
        using var results = session.Run(options, [tower.Input], [value], [tower.Output]);
        return (results[0].GetTensorTypeAndShape().Shape, results[0].GetTensorDataAsSpan<float>().ToArray());
    }

    private static void Near(NdArray<float> expected, (long[] Shape, float[] Values) actual, double tolerance, string where)
    {
        Assert.Equal(expected.Shape.ToArray().Select(size => (long)size), actual.Shape);
        double distance = Distance(expected.Span, actual.Values);
        Assert.True(distance <= tolerance, $"{where}: relative L2 {distance:0.0e0}, at most {tolerance:0.0e0}");
    }

    private static double Distance(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        double difference = 0, norm = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            difference += Math.Pow((double)actual[i] - expected[i], 2);
            norm += Math.Pow(expected[i], 2);
        }
        return Math.Sqrt(difference / norm);
    }

    private static Activation ActivationOf(string name) => name == "gelu" ? Activation.Gelu : Activation.QuickGelu;

    private static DenseVariant VariantOf(string name) => name switch
    {
        "maskclip" => DenseVariant.MaskClip,
        "sclip" => DenseVariant.Sclip,
        "clearclip" => DenseVariant.ClearClip,
        "nacclip" => DenseVariant.NaClip,
        _ => DenseVariant.Gem,
    };
}
