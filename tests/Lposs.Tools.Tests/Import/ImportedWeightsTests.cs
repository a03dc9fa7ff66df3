using System.Text.Json;
using Lposs.Bundles;
using Lposs.Tests.Support;
using Lposs.Tools.Import;
using Lposs.Tools.Import.Exporter;
using Lposs.Tools.Import.Weights;
using Lposs.Tools.Tests.Import.Weights;
using Xunit;

namespace Lposs.Tools.Tests.Import;

/// <summary>Weights and configurations that do or do not belong together.</summary>
public sealed class ImportedWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Tensors_that_are_missing_misshapen_or_too_many_are_named()
    {
        var options = Make("open_clip", "original");
        string Fails(Action<List<EditedTensor>> edit)
        {
            string clip = _folder.At("edited.safetensors");
            SafetensorsEdit.Rewrite(options.Clip, clip, edit);
            string message = Failing
                .With(
                    LpossErrorCode.InvalidWeights,
                    () => ModelImport.Run(options with { Clip = clip }, _folder.At("bundle"))
                )
                .Message;
            Assert.DoesNotContain('\n', message);
            Assert.Contains(clip, message, StringComparison.Ordinal);
            return message;
        }
        const string Name = "visual.transformer.resblocks.3.mlp.c_fc.weight";
        Assert.Contains(
            Name,
            Fails(tensors => tensors.RemoveAll(tensor => tensor.Name == Name)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            Name,
            Fails(tensors => Array.Reverse(tensors.Single(tensor => tensor.Name == Name).Shape)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "visual.extra",
            Fails(tensors => tensors.Add(new EditedTensor("visual.extra", "F32", [1], new byte[4]))),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "visual.ln_post.weight",
            Fails(tensors => tensors.Single(tensor => tensor.Name == "visual.ln_post.weight").Name = "visual.typo"),
            StringComparison.Ordinal
        );
        // By its first normalisation a block is known to be there; its lack must not look like a shallower model.
        const string First = "visual.transformer.resblocks.3.ln_1.weight";
        Assert.Contains(
            $"has no tensor '{First}'",
            Fails(tensors => tensors.RemoveAll(tensor => tensor.Name == First)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "has no tensor 'transformer.resblocks.2.",
            Fails(tensors =>
                tensors.RemoveAll(tensor =>
                    tensor.Name.StartsWith("transformer.resblocks.2.", StringComparison.Ordinal)
                )
            ),
            StringComparison.Ordinal
        );

        string FailsOfDino(string from, Action<List<EditedTensor>> edit)
        {
            string dino = _folder.At("edited-dino.safetensors");
            SafetensorsEdit.Rewrite(from, dino, edit);
            return Failing
                .With(
                    LpossErrorCode.InvalidWeights,
                    () => ModelImport.Run(options with { Dino = dino }, _folder.At("bundle"))
                )
                .Message;
        }
        string hf = ReferenceEncoders.Make("dinov2", "hf", "--size", "tiny", "--registers", "4");
        foreach (
            var (from, name) in new[]
            {
                (options.Dino, "blocks.1.attn.qkv.bias"),
                (options.Dino, "norm.weight"),
                (hf, "encoder.layer.2.norm1.bias"),
                (hf, "encoder.layer.1.layer_scale2.lambda1"),
            }
        )
        {
            Assert.Contains(
                $"has no tensor '{name}'",
                FailsOfDino(from, tensors => tensors.RemoveAll(tensor => tensor.Name == name)),
                StringComparison.Ordinal
            );
            Assert.Contains(
                $"has no tensor '{name}'",
                FailsOfDino(from, tensors => tensors.Single(tensor => tensor.Name == name).Name = "renamed"),
                StringComparison.Ordinal
            );
        }
        Assert.Contains(
            "has tensor 'head.weight', which a DINO with 4 blocks does not have",
            FailsOfDino(options.Dino, tensors => tensors.Add(new EditedTensor("head.weight", "F32", [1], new byte[4]))),
            StringComparison.Ordinal
        );

        byte[] whole = File.ReadAllBytes(options.Dino);
        foreach (int length in new[] { 0, 5, 200, whole.Length - 1 })
        {
            string cut = _folder.At("cut.safetensors");
            File.WriteAllBytes(cut, whole[..length]);
            Assert.Contains(
                cut,
                Failing
                    .With(
                        LpossErrorCode.InvalidWeights,
                        () => ModelImport.Run(options with { Dino = cut }, _folder.At("bundle"))
                    )
                    .Message,
                StringComparison.Ordinal
            );
        }
        Assert.DoesNotContain(_folder.Names(), name => name.StartsWith('.') || name == "bundle");
    }

    [SkippableFact]
    public void A_configuration_of_another_model_is_found_out_by_its_sizes()
    {
        foreach (string naming in new[] { "open_clip", "hf" })
        {
            var options = Make(naming, "original");
            string right = File.ReadAllText(options.ClipConfiguration!);
            string Fails<T>(string size, string other)
                where T : Exception
            {
                Assert.Contains(size, right, StringComparison.Ordinal);
                File.WriteAllText(options.ClipConfiguration!, right.Replace(size, other, StringComparison.Ordinal));
                return Assert.Throws<T>(() => ModelImport.Run(options, _folder.At("bundle"))).Message;
            }
            Assert.Contains(
                "says that the image encoder has a patch size of 32, and in",
                Fails<LpossException>("\"patch_size\": 16", "\"patch_size\": 32"),
                StringComparison.Ordinal
            );
            Assert.Contains(
                "says that the image encoder has a number of blocks of 12, and in",
                Fails<LpossException>("ers\": 8", "ers\": 12"),
                StringComparison.Ordinal
            );
            Assert.Contains(
                "says that the text encoder has a context of 64, and in",
                Fails<LpossException>(": 77", ": 64"),
                StringComparison.Ordinal
            );
            string heads = naming == "hf" ? "num_attention_heads" : "heads";
            Assert.Contains(
                "128 wide, which the 3 heads of its configuration do not divide",
                Fails<LpossException>($"\"{heads}\": 2", $"\"{heads}\": 3"),
                StringComparison.Ordinal
            );
            Assert.DoesNotContain(_folder.Names(), name => name.StartsWith('.') || name == "bundle");
        }
    }

    [SkippableFact]
    public void Whole_numbers_that_files_have_beside_weights_are_passed_over()
    {
        ReferenceEncoders.Require();
        string openAi = _folder.At("openai.safetensors");
        SafetensorsEdit.Rewrite(
            ReferenceEncoders.Make("clip", "open_clip", "--size", "tiny", "--seed", "1"),
            openAi,
            tensors =>
            {
                foreach (string name in (string[])["input_resolution", "context_length", "vocab_size"])
                    tensors.Add(new EditedTensor(name, "I64", [], new byte[8]));
            }
        );
        string older = ReferenceEncoders.Make("clip", "hf", "--size", "tiny", "--seed", "1", "--position-ids");
        foreach (string path in (string[])[openAi, older])
        {
            using var weights = WeightSet.Open(path);
            var clip = ClipWeights.Of(weights);
            ClipImageGraph.Build(clip, DenseVariant.Gem, Activation.QuickGelu, Precision.F32);
            ClipTextGraph.Build(clip, Activation.QuickGelu, Precision.F32);
            clip.RejectUnknown();
        }
    }

    /// <summary>Weights do not show how many heads share them.</summary>
    [Theory]
    [InlineData(1280, null, 16)]
    [InlineData(1408, null, 16)]
    [InlineData(1664, null, 16)]
    [InlineData(1024, null, 16)]
    [InlineData(768, null, 12)]
    [InlineData(1280, 20, 20)]
    public void Heads_are_those_of_the_configuration_or_of_published_models(int width, int? stated, int heads)
    {
        using var weights = WeightSet.Open(_folder.Save("w", SafetensorsBuilder.Floats(("a", [1], [1]))));
        Assert.Equal(heads, EncoderWeights.Heads(weights, width, stated, EncoderWeights.ClipImageHeadWidth(width)));
    }

    private ImportOptions Make(string clipNaming, string dinoNaming) =>
        TinyModels.Make(_folder, clipNaming, dinoNaming);
}
