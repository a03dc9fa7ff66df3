using Lposs.Tests.Support;
using Lposs.Tools.Import.Exporter;
using Lposs.Tools.Import.Weights;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace Lposs.Tools.Tests.Import.Exporter;

/// <summary>Every kind and size of encoder, by every naming.</summary>
public sealed class EncoderParityTests : EncoderParityTest
{
    [SkippableTheory]
    [InlineData("maskclip", "open_clip", "gelu")]
    [InlineData("maskclip", "hf", "quick_gelu")]
    [InlineData("sclip", "open_clip", "quick_gelu")]
    [InlineData("clearclip", "open_clip", "quick_gelu")]
    [InlineData("nacclip", "hf", "gelu")]
    [InlineData("gem", "open_clip", "quick_gelu")]
    public void Clips_image_encoder_is_PyTorchs(string variant, string naming, string activation)
    {
        ReferenceEncoders.Require();
        string path = ReferenceEncoders.Make("clip", naming, "--size", Size, "--seed", "3");
        using var weights = WeightSet.Open(path);
        var encoder = ClipImageGraph.Build(
            ClipWeights.Of(weights),
            VariantOf(variant),
            ActivationOf(activation),
            Precision.F32
        );
        Compare(encoder, "clip", path, Tolerance, "--variant", variant, "--activation", activation);
    }

    [SkippableTheory]
    [InlineData("open_clip", "gelu")]
    [InlineData("hf", "quick_gelu")]
    public void Clips_text_encoder_is_PyTorchs(string naming, string activation)
    {
        ReferenceEncoders.Require();
        string path = ReferenceEncoders.Make("clip", naming, "--size", Size, "--seed", "4", "--dtype", "F16");
        using var weights = WeightSet.Open(path);
        var clip = ClipWeights.Of(weights);
        var encoder = ClipTextGraph.Build(clip, ActivationOf(activation), Precision.F32);
        int end =
            (int)
                weights.ShapeOf(
                    naming == "hf" ? "text_model.embeddings.token_embedding.weight" : "token_embedding.weight",
                    2
                )[0] - 1;

        // Prompts of several lengths, one as long as the context; one padded with the end token, as Hugging Face does.
        long[] ids = new long[4 * encoder.Size];
        var random = new Random(5);
        int[] lengths = [2, 9, encoder.Size, 5];
        for (int prompt = 0; prompt < lengths.Length; prompt++)
        {
            var row = ids.AsSpan(prompt * encoder.Size, encoder.Size);
            for (int i = 0; i < lengths[prompt] - 1; i++)
                row[i] = random.Next(1, end);
            row[lengths[prompt] - 1] = end;
            if (prompt == 3)
                row[lengths[prompt]..].Fill(end);
        }
        CompareText(encoder, path, ids, Tolerance, "text", "--activation", activation);
    }

    [SkippableTheory]
    [InlineData("dino", "original", "v", 0)]
    [InlineData("dino", "hf", "k", 0)]
    [InlineData("dino", "hf", "q", 0)]
    [InlineData("dinov2", "original", "v", 0)]
    [InlineData("dinov2", "hf", "q", 0)]
    [InlineData("dinov2", "original", "k", 4)]
    [InlineData("dinov2", "hf", "v", 4)]
    public void Dinos_encoder_is_PyTorchs(string kind, string naming, string feature, int registers)
    {
        ReferenceEncoders.Require();
        string[] options = kind == "dinov2" ? ["--registers", $"{registers}"] : [];
        string path = ReferenceEncoders.Make(kind, naming, ["--size", Size, "--seed", "6", .. options]);
        using var weights = WeightSet.Open(path);
        Compare(
            DinoGraph.Build(weights, FeatureOf(feature), Precision.F32),
            kind,
            path,
            Tolerance,
            "--feature",
            feature
        );
    }

    [SkippableFact]
    public void Dino_with_patches_of_8_is_PyTorchs()
    {
        ReferenceEncoders.Require();
        string path = ReferenceEncoders.Make(
            "dino",
            "original",
            "--size",
            Size,
            "--patch",
            "8",
            "--grid",
            "28",
            "--dtype",
            "BF16"
        );
        using var weights = WeightSet.Open(path);
        Compare(DinoGraph.Build(weights, DinoFeature.Value, Precision.F32), "dino", path, Tolerance, "--feature", "v");
    }

    /// <summary>The sizes of published models: widths, heads, patches and tables, with two blocks of each.</summary>
    [SkippableTheory]
    [InlineData("B/32", 768, 32, 7, 512, 512)]
    [InlineData("L/14", 1024, 14, 16, 768, 768)]
    [InlineData("L/14 at 336", 1024, 14, 24, 768, 768)]
    [InlineData("H/14", 1280, 14, 16, 1024, 1024)]
    public void Clips_of_other_sizes_are_PyTorchs(
        string model,
        int width,
        int patch,
        int grid,
        int textWidth,
        int joint
    )
    {
        ReferenceEncoders.Require();
        string path = ReferenceEncoders.Make(
            "clip",
            "open_clip",
            "--size",
            "tiny",
            "--width",
            $"{width}",
            "--layers",
            "2",
            "--patch",
            $"{patch}",
            "--grid",
            $"{grid}",
            "--text-width",
            $"{textWidth}",
            "--text-layers",
            "2",
            "--joint",
            $"{joint}",
            "--dtype",
            "F16"
        );
        using var weights = WeightSet.Open(path);
        var clip = ClipWeights.Of(weights);
        var image = ClipImageGraph.Build(clip, DenseVariant.MaskClip, Activation.Gelu, Precision.F32);
        Assert.Equal((patch, joint, width, 2), (image.Size, image.Dimensions, image.Width, image.Layers));
        Compare(
            [(224, 224), (60, 90)],
            image,
            "clip",
            path,
            Tolerance,
            "--variant",
            "maskclip",
            "--activation",
            "gelu"
        );

        var text = ClipTextGraph.Build(clip, Activation.Gelu, Precision.F32);
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
        ReferenceEncoders.Require();
        string path = ReferenceEncoders.Make(
            kind,
            "hf",
            "--size",
            "tiny",
            "--width",
            $"{width}",
            "--layers",
            "2",
            "--patch",
            $"{patch}",
            "--grid",
            $"{grid}"
        );
        using var weights = WeightSet.Open(path);
        var encoder = DinoGraph.Build(weights, DinoFeature.Value, Precision.F32);
        Assert.True((patch, width) == (encoder.Size, encoder.Dimensions), model);
        Compare([(224, 224), (60, 90)], encoder, kind, path, Tolerance, "--feature", "v");
    }

    /// <summary>So that what PyTorch says of one naming holds for the other.</summary>
}
