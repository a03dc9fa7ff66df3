using Lposs.Tests.Support;
using Lposs.Tools.Import.Exporter;
using Lposs.Tools.Import.Weights;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace Lposs.Tools.Tests.Import.Exporter;

/// <summary>Namings, position tables, half precision and activations.</summary>
public sealed class EncoderVariantTests : EncoderParityTest
{
    [SkippableTheory]
    [InlineData("clip", "open_clip", "--seed", "1")]
    [InlineData("dino", "original", "--seed", "2")]
    [InlineData("dinov2", "original", "--registers", "4")]
    public void Both_namings_give_the_same_file(string kind, string original, params string[] options)
    {
        ReferenceEncoders.Require();
        byte[][] files =
        [
            .. new[] { original, "hf" }.Select(naming =>
            {
                using var weights = WeightSet.Open(
                    ReferenceEncoders.Make(kind, naming, ["--size", "tiny", .. options])
                );
                var encoder =
                    kind == "clip"
                        ? ClipImageGraph.Build(
                            ClipWeights.Of(weights),
                            DenseVariant.Gem,
                            Activation.QuickGelu,
                            Precision.F32
                        )
                        : DinoGraph.Build(weights, DinoFeature.Key, Precision.F32);
                GraphFile.Write(Folder.At("encoder.onnx"), encoder.Graph);
                byte[] image = File.ReadAllBytes(Folder.At("encoder.onnx"));
                if (kind != "clip")
                    return image;
                GraphFile.Write(
                    Folder.At("encoder.onnx"),
                    ClipTextGraph.Build(ClipWeights.Of(weights), Activation.QuickGelu, Precision.F32).Graph
                );
                return (byte[])[.. image, .. File.ReadAllBytes(Folder.At("encoder.onnx"))];
            }),
        ];
        Assert.True(files[0].AsSpan().SequenceEqual(files[1]), "the files differ");
    }

    /// <summary>The table as it was published is resized, once, and smoothed where the method's program does
    /// it.</summary>
    [SkippableTheory]
    [InlineData("maskclip", 0)]
    [InlineData("sclip", 0)]
    [InlineData("clearclip", 0)]
    [InlineData("nacclip", 0)]
    [InlineData("gem", 1)]
    public void Positions_are_resized_once(string variant, long antialias)
    {
        ReferenceEncoders.Require();
        using var weights = WeightSet.Open(
            ReferenceEncoders.Make("clip", "open_clip", "--size", "tiny", "--seed", "1")
        );
        var graph = ClipImageGraph
            .Build(ClipWeights.Of(weights), VariantOf(variant), Activation.Gelu, Precision.F32)
            .Graph;
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
        ReferenceEncoders.Require();
        string path = ReferenceEncoders.Make("clip", "open_clip", "--size", "tiny", "--seed", "1");
        using var weights = WeightSet.Open(path);
        var encoder = ClipImageGraph.Build(ClipWeights.Of(weights), VariantOf(variant), Activation.Gelu, Precision.F16);
        Compare(encoder, "clip", path, HalfTolerance, "--variant", variant, "--activation", "gelu");
    }

    [SkippableFact]
    public void An_activation_that_is_not_the_models_shows()
    {
        ReferenceEncoders.Require();
        string path = ReferenceEncoders.Make("clip", "open_clip", "--size", "tiny", "--seed", "1");
        using var weights = WeightSet.Open(path);
        var encoder = ClipImageGraph.Build(
            ClipWeights.Of(weights),
            DenseVariant.MaskClip,
            Activation.QuickGelu,
            Precision.F32
        );
        float[] pixels = Noise(1, 224, 224);
        string input = Folder.At("pixels.npy");
        NpyFile.Write<float>(input, [1, 3, 224, 224], pixels);
        var expected = ReferenceEncoders.Compute(
            Folder,
            "clip",
            path,
            input,
            "--variant",
            "maskclip",
            "--activation",
            "gelu"
        );
        Assert.True(RelativeError.Of(expected.Span, RunGraph(encoder, pixels, [1, 3, 224, 224]).Values) > 1e-3);
    }

    [SkippableFact]
    public void Half_precision_of_texts_and_of_Dino_is_near_too()
    {
        ReferenceEncoders.Require();
        string path = ReferenceEncoders.Make("clip", "hf", "--size", "tiny", "--seed", "1");
        using (var weights = WeightSet.Open(path))
        {
            var clip = ClipWeights.Of(weights);
            var text = ClipTextGraph.Build(clip, Activation.QuickGelu, Precision.F16);
            long[] ids = [.. Enumerable.Range(0, text.Size).Select(i => i < 20 ? 7L * i : 0)];
            ids[20] = clip.VocabularySize - 1;
            CompareText(text, path, ids, HalfTolerance, "text", "--activation", "quick_gelu");
        }
        string dino = ReferenceEncoders.Make("dinov2", "original", "--size", "tiny", "--registers", "4");
        using (var weights = WeightSet.Open(dino))
            Compare(
                DinoGraph.Build(weights, DinoFeature.Value, Precision.F16),
                "dinov2",
                dino,
                HalfTolerance,
                "--feature",
                "v"
            );
    }
}
