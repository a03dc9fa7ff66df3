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

    // A window as it is usual, a wide one, the end of a picture of 150 x 90, which is padded to whole patches, and one that is
    // larger than the table of positions.
    private static readonly (int Height, int Width)[] s_windows = [(224, 224), (224, 336), (150, 90), (256, 256)];

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
        string path = ReferenceTowers.Make("clip", naming, "--size", s_size, "--seed", "3");
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
        string path = ReferenceTowers.Make("clip", naming, "--size", s_size, "--seed", "4", "--dtype", "F16");
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
        CompareText(tower, path, ids, Tolerance, "text", "--activation", activation);
    }

    [SkippableTheory]
    [InlineData("dino", "original", "v", 0)]
    [InlineData("dino", "hf", "k", 0)]
    [InlineData("dino", "hf", "q", 0)]
    [InlineData("dinov2", "original", "v", 0)]
    [InlineData("dinov2", "hf", "q", 0)]
    [InlineData("dinov2", "original", "k", 4)]
    [InlineData("dinov2", "hf", "v", 4)]
    public void Dinos_tower_is_PyTorchs(string kind, string naming, string feature, int registers)
    {
        ReferenceTowers.Require();
        string[] options = kind == "dinov2" ? ["--registers", $"{registers}"] : [];
        string path = ReferenceTowers.Make(kind, naming, ["--size", s_size, "--seed", "6", .. options]);
        using var weights = WeightSet.Open(path);
        Compare(DinoTower.Build(weights, FeatureOf(feature), Precision.F32), kind, path, Tolerance, "--feature", feature);
    }

    [SkippableFact]
    public void Dino_with_patches_of_8_is_PyTorchs()
    {
        ReferenceTowers.Require();
        string path = ReferenceTowers.Make("dino", "original", "--size", s_size, "--patch", "8", "--grid", "28", "--dtype", "BF16");
        using var weights = WeightSet.Open(path);
        Compare(DinoTower.Build(weights, DinoFeature.Value, Precision.F32), "dino", path, Tolerance, "--feature", "v");
    }

    /// <summary>The sizes of published models: widths, heads, patches and tables, with two blocks of each.</summary>
    [SkippableTheory]
    [InlineData("B/32", 768, 32, 7, 512, 512)]
    [InlineData("L/14", 1024, 14, 16, 768, 768)]
    [InlineData("L/14 at 336", 1024, 14, 24, 768, 768)]
    [InlineData("H/14", 1280, 14, 16, 1024, 1024)]
    public void Clips_of_other_sizes_are_PyTorchs(string model, int width, int patch, int grid, int textWidth, int joint)
    {
        ReferenceTowers.Require();
        string path = ReferenceTowers.Make("clip", "open_clip",
            "--size", "tiny", "--width", $"{width}", "--layers", "2", "--patch", $"{patch}", "--grid", $"{grid}",
            "--text-width", $"{textWidth}", "--text-layers", "2", "--joint", $"{joint}", "--dtype", "F16");
        using var weights = WeightSet.Open(path);
        var clip = ClipWeights.Of(weights);
        var image = ClipImageTower.Build(clip, DenseVariant.MaskClip, Activation.Gelu, Precision.F32);
        Assert.Equal((patch, joint, width, 2), (image.Size, image.Dimensions, image.Width, image.Layers));
        Compare([(224, 224), (60, 90)], image, "clip", path, Tolerance, "--variant", "maskclip", "--activation", "gelu");

        var text = ClipTextTower.Build(clip, Activation.Gelu, Precision.F32);
        long[] ids = [.. Enumerable.Range(0, text.Size).Select(i => (long)Math.Max(0, i < 9 ? 60 * i : 0))];
        ids[9] = clip.VocabularySize - 1;
        CompareText(text, path, ids, Tolerance, model, "--activation", "gelu");
    }

    [SkippableTheory]
    [InlineData("dino", "S/16", 384, 16, 14)]
    [InlineData("dino", "S/8", 384, 8, 28)]
    [InlineData("dinov2", "S/14", 384, 14, 37)]
    [InlineData("dinov2", "L/14", 1024, 14, 37)]
    public void Dinos_of_other_sizes_are_PyTorchs(string kind, string model, int width, int patch, int grid)
    {
        ReferenceTowers.Require();
        string path = ReferenceTowers.Make(kind, "hf",
            "--size", "tiny", "--width", $"{width}", "--layers", "2", "--patch", $"{patch}", "--grid", $"{grid}");
        using var weights = WeightSet.Open(path);
        var tower = DinoTower.Build(weights, DinoFeature.Value, Precision.F32);
        Assert.True((patch, width) == (tower.Size, tower.Dimensions), model);
        Compare([(224, 224), (60, 90)], tower, kind, path, Tolerance, "--feature", "v");
    }

    /// <summary>So that what PyTorch says of one naming holds for the other.</summary>
    [SkippableTheory]
    [InlineData("clip", "open_clip", "--seed", "1")]
    [InlineData("dino", "original", "--seed", "2")]
    [InlineData("dinov2", "original", "--registers", "4")]
    public void Both_namings_give_the_same_file(string kind, string original, params string[] options)
    {
        ReferenceTowers.Require();
        byte[][] files = [.. new[] { original, "hf" }.Select(naming =>
        {
            using var weights = WeightSet.Open(ReferenceTowers.Make(kind, naming, ["--size", "tiny", .. options]));
            var tower = kind == "clip"
                ? ClipImageTower.Build(ClipWeights.Of(weights), DenseVariant.Gem, Activation.QuickGelu, Precision.F32)
                : DinoTower.Build(weights, DinoFeature.Key, Precision.F32);
            GraphFile.Write(_folder.At("tower.onnx"), tower.Graph);
            byte[] image = File.ReadAllBytes(_folder.At("tower.onnx"));
            if (kind != "clip")
                return image;
            GraphFile.Write(_folder.At("tower.onnx"), ClipTextTower.Build(ClipWeights.Of(weights), Activation.QuickGelu, Precision.F32).Graph);
            return (byte[])[.. image, .. File.ReadAllBytes(_folder.At("tower.onnx"))];
        })];
        Assert.True(files[0].AsSpan().SequenceEqual(files[1]), "the files differ");
    }

    /// <summary>The table as it was published is resized, once, and smoothed where the method's program does it.</summary>
    [SkippableTheory]
    [InlineData("maskclip", 0)]
    [InlineData("sclip", 0)]
    [InlineData("clearclip", 0)]
    [InlineData("nacclip", 0)]
    [InlineData("gem", 1)]
    public void Positions_are_resized_once(string variant, long antialias)
    {
        ReferenceTowers.Require();
        using var weights = WeightSet.Open(ReferenceTowers.Make("clip", "open_clip", "--size", "tiny", "--seed", "1"));
        var graph = ClipImageTower.Build(ClipWeights.Of(weights), VariantOf(variant), Activation.Gelu, Precision.F32).Graph;
        var resize = Assert.Single(graph.Graph.Node, node => node.OpType == "Resize");
        Assert.Equal("positions.table", resize.Input[0]);
        Assert.Equal(antialias, resize.Attribute.Single(attribute => attribute.Name == "antialias").I);
        var table = Assert.Single(graph.LargeWeights, weight => weight.Header.Name == "positions.table");
        Assert.Equal([1, 128, 14, 14L], table.Header.Dims);
    }

    [SkippableTheory]
    [InlineData("maskclip")]
    [InlineData("nacclip")]
    [InlineData("gem")]
    public void Half_precision_is_near(string variant)
    {
        ReferenceTowers.Require();
        string path = ReferenceTowers.Make("clip", "open_clip", "--size", "tiny", "--seed", "1");
        using var weights = WeightSet.Open(path);
        var tower = ClipImageTower.Build(ClipWeights.Of(weights), VariantOf(variant), Activation.Gelu, Precision.F16);
        Compare(tower, "clip", path, HalfTolerance, "--variant", variant, "--activation", "gelu");
    }

    [SkippableFact]
    public void An_activation_that_is_not_the_models_shows()
    {
        ReferenceTowers.Require();
        string path = ReferenceTowers.Make("clip", "open_clip", "--size", "tiny", "--seed", "1");
        using var weights = WeightSet.Open(path);
        var tower = ClipImageTower.Build(ClipWeights.Of(weights), DenseVariant.MaskClip, Activation.QuickGelu, Precision.F32);
        float[] pixels = Noise(1, 224, 224);
        string input = _folder.At("pixels.npy");
        NpyFile.Write<float>(input, [1, 3, 224, 224], pixels);
        var expected = ReferenceTowers.Compute(_folder, "clip", path, input, "--variant", "maskclip", "--activation", "gelu");
        Assert.True(RelativeError.Of(expected.Span, RunGraph(tower, pixels, [1, 3, 224, 224]).Values) > 1e-3);
    }

    [SkippableFact]
    public void Half_precision_of_texts_and_of_Dino_is_near_too()
    {
        ReferenceTowers.Require();
        string path = ReferenceTowers.Make("clip", "hf", "--size", "tiny", "--seed", "1");
        using (var weights = WeightSet.Open(path))
        {
            var clip = ClipWeights.Of(weights);
            var text = ClipTextTower.Build(clip, Activation.QuickGelu, Precision.F16);
            long[] ids = [.. Enumerable.Range(0, text.Size).Select(i => i < 20 ? 7L * i : 0)];
            ids[20] = clip.VocabularySize - 1;
            CompareText(text, path, ids, HalfTolerance, "text", "--activation", "quick_gelu");
        }
        string dino = ReferenceTowers.Make("dinov2", "original", "--size", "tiny", "--registers", "4");
        using (var weights = WeightSet.Open(dino))
            Compare(DinoTower.Build(weights, DinoFeature.Value, Precision.F16), "dinov2", dino, HalfTolerance, "--feature", "v");
    }

    private void Compare(BuiltTower tower, string kind, string weights, double tolerance, params string[] options) =>
        Compare(s_windows, tower, kind, weights, tolerance, options);

    private void CompareText(BuiltTower tower, string weights, long[] ids, double tolerance, string where, params string[] options)
    {
        long[] shape = [ids.Length / tower.Size, tower.Size];
        string input = _folder.At("ids.npy");
        NpyFile.Write<long>(input, [.. shape.Select(size => (int)size)], ids);
        var expected = ReferenceTowers.Compute(_folder, "clip", weights, input, ["--text", .. options]);
        Near(expected, RunGraph(tower, ids, shape), tolerance, where);
    }

    private void Compare((int Height, int Width)[] windows, BuiltTower tower, string kind, string weights, double tolerance, params string[] options)
    {
        string path = _folder.At("tower.onnx");
        GraphFile.Write(path, tower.Graph);
        var inputs = windows.Select((window, i) =>
        {
            var grid = (Rows: (window.Height + tower.Size - 1) / tower.Size, Columns: (window.Width + tower.Size - 1) / tower.Size);
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
        double distance = RelativeError.Of(expected.Span, actual.Values);
        Assert.True(distance <= tolerance, $"{where}: relative L2 {distance:0.0e0}, at most {tolerance:0.0e0}");
    }

    private static DinoFeature FeatureOf(string name) => name switch { "q" => DinoFeature.Query, "k" => DinoFeature.Key, _ => DinoFeature.Value };

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
