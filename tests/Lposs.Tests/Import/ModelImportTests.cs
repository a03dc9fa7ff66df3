using System.Text.Json;
using Lposs.Encoding;
using Lposs.Import;
using Lposs.Models;
using Lposs.Onnx;
using Lposs.Segmentation;
using Lposs.Tests.Imaging;
using Lposs.Tests.Segmentation;
using Lposs.Tests.Towers;
using Lposs.Tests.Weights;
using Lposs.Towers;
using Lposs.Weights;
using Xunit;

namespace Lposs.Tests.Import;

/// <summary>Small random weights under published names become a bundle that runs, or one clear sentence.</summary>
public sealed class ModelImportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("open_clip", "original")]
    [InlineData("hf", "hf")]
    public void Published_files_become_a_bundle(string clipNaming, string dinoNaming)
    {
        var options = Make(clipNaming, dinoNaming);
        var report = ModelImport.Run(options, _folder.At("bundle"));
        Assert.Equal("bundle", report.Bundle.Name);
        Assert.Equal(Activation.QuickGelu, report.Activation);
        Assert.Equal(80, report.Bundle.Text.Templates.Count);
        Assert.DoesNotContain(_folder.Names(), name => name.StartsWith('.'));
    }

    [SkippableFact]
    public void What_does_not_fit_is_one_sentence_and_leaves_nothing()
    {
        var options = Make("open_clip", "original");
        string Fails<T>(ImportOptions wrong)
            where T : Exception
        {
            string message = Assert.Throws<T>(() => ModelImport.Run(wrong, _folder.At("bundle"))).Message;
            Assert.DoesNotContain(_folder.Names(), name => name.StartsWith('.') || name == "bundle");
            return message;
        }
        Assert.Contains("is no CLIP", Fails<WeightsException>(options with { Clip = options.Dino }), StringComparison.Ordinal);
        Assert.Contains("is no DINO", Fails<WeightsException>(options with { Dino = options.Clip }), StringComparison.Ordinal);
        Assert.Contains("GELU or QuickGELU", Fails<ImportException>(options with { ClipConfiguration = null }), StringComparison.Ordinal);
        Assert.Contains("leave one of them out", Fails<ImportException>(options with { Activation = Activation.Gelu }), StringComparison.Ordinal);
        Assert.Contains("needs its merges.txt", Fails<ImportException>(options with { Merges = null }), StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Tensors_that_are_missing_misshapen_or_too_many_are_named()
    {
        var options = Make("open_clip", "original");
        string Fails(Action<List<EditedTensor>> edit)
        {
            string clip = _folder.At("edited.safetensors");
            SafetensorsEdit.Rewrite(options.Clip, clip, edit);
            string message = Assert.Throws<WeightsException>(() => ModelImport.Run(options with { Clip = clip }, _folder.At("bundle"))).Message;
            Assert.DoesNotContain('\n', message);
            Assert.Contains(clip, message, StringComparison.Ordinal);
            return message;
        }
        const string Name = "visual.transformer.resblocks.3.mlp.c_fc.weight";
        Assert.Contains(Name, Fails(tensors => tensors.RemoveAll(tensor => tensor.Name == Name)), StringComparison.Ordinal);
        Assert.Contains(Name, Fails(tensors => Array.Reverse(tensors.Single(tensor => tensor.Name == Name).Shape)), StringComparison.Ordinal);
        Assert.Contains("visual.extra", Fails(tensors => tensors.Add(new EditedTensor("visual.extra", "F32", [1], new byte[4]))), StringComparison.Ordinal);
        Assert.Contains("visual.ln_post.weight", Fails(tensors => tensors.Single(tensor => tensor.Name == "visual.ln_post.weight").Name = "visual.typo"), StringComparison.Ordinal);
        // By its first normalisation a block is known to be there; its lack must not look like a shallower model.
        const string First = "visual.transformer.resblocks.3.ln_1.weight";
        Assert.Contains($"has no tensor '{First}'", Fails(tensors => tensors.RemoveAll(tensor => tensor.Name == First)), StringComparison.Ordinal);
        Assert.Contains("has no tensor 'transformer.resblocks.2.", Fails(tensors => tensors.RemoveAll(tensor => tensor.Name.StartsWith("transformer.resblocks.2.", StringComparison.Ordinal))), StringComparison.Ordinal);

        string FailsOfDino(string from, Action<List<EditedTensor>> edit)
        {
            string dino = _folder.At("edited-dino.safetensors");
            SafetensorsEdit.Rewrite(from, dino, edit);
            return Assert.Throws<WeightsException>(() => ModelImport.Run(options with { Dino = dino }, _folder.At("bundle"))).Message;
        }
        string hf = ReferenceTowers.Make("dinov2", "hf", "--size", "tiny", "--registers", "4");
        foreach (var (from, name) in new[] { (options.Dino, "blocks.1.attn.qkv.bias"), (options.Dino, "norm.weight"), (hf, "encoder.layer.2.norm1.bias"), (hf, "encoder.layer.1.layer_scale2.lambda1") })
        {
            Assert.Contains($"has no tensor '{name}'", FailsOfDino(from, tensors => tensors.RemoveAll(tensor => tensor.Name == name)), StringComparison.Ordinal);
            Assert.Contains($"has no tensor '{name}'", FailsOfDino(from, tensors => tensors.Single(tensor => tensor.Name == name).Name = "renamed"), StringComparison.Ordinal);
        }
        Assert.Contains("has tensor 'head.weight', which a DINO with 4 blocks does not have", FailsOfDino(options.Dino, tensors => tensors.Add(new EditedTensor("head.weight", "F32", [1], new byte[4]))), StringComparison.Ordinal);

        byte[] whole = File.ReadAllBytes(options.Dino);
        foreach (int length in new[] { 0, 5, 200, whole.Length - 1 })
        {
            string cut = _folder.At("cut.safetensors");
            File.WriteAllBytes(cut, whole[..length]);
            Assert.Contains(cut, Assert.Throws<WeightsException>(() => ModelImport.Run(options with { Dino = cut }, _folder.At("bundle"))).Message, StringComparison.Ordinal);
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
            Assert.Contains("says that the image tower has a patch size of 32, and in", Fails<ImportException>("\"patch_size\": 16", "\"patch_size\": 32"), StringComparison.Ordinal);
            Assert.Contains("says that the image tower has a number of blocks of 12, and in", Fails<ImportException>("ers\": 8", "ers\": 12"), StringComparison.Ordinal);
            Assert.Contains("says that the text tower has a context of 64, and in", Fails<ImportException>(": 77", ": 64"), StringComparison.Ordinal);
            string heads = naming == "hf" ? "num_attention_heads" : "heads";
            Assert.Contains("128 wide, which the 3 heads of its configuration do not divide", Fails<WeightsException>($"\"{heads}\": 2", $"\"{heads}\": 3"), StringComparison.Ordinal);
            Assert.DoesNotContain(_folder.Names(), name => name.StartsWith('.') || name == "bundle");
        }
    }

    [SkippableFact]
    public void Whole_numbers_that_files_have_beside_weights_are_passed_over()
    {
        ReferenceTowers.Require();
        string openAi = _folder.At("openai.safetensors");
        SafetensorsEdit.Rewrite(ReferenceTowers.Make("clip", "open_clip", "--size", "tiny", "--seed", "1"), openAi, tensors =>
        {
            foreach (string name in (string[])["input_resolution", "context_length", "vocab_size"])
                tensors.Add(new EditedTensor(name, "I64", [], new byte[8]));
        });
        string older = ReferenceTowers.Make("clip", "hf", "--size", "tiny", "--seed", "1", "--position-ids");
        foreach (string path in (string[])[openAi, older])
        {
            using var weights = WeightSet.Open(path);
            var clip = ClipWeights.Of(weights);
            ClipImageTower.Build(clip, DenseVariant.Gem, Activation.QuickGelu, Precision.F32);
            ClipTextTower.Build(clip, Activation.QuickGelu, Precision.F32);
            clip.RefuseOthers();
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
        Assert.Equal(heads, TowerWeights.Heads(weights, width, stated, TowerWeights.ClipImageHeadWidth(width)));
    }

    [SkippableFact]
    public void What_a_configuration_leaves_open_is_told()
    {
        var options = Make("hf", "hf");
        Assert.DoesNotContain(ModelImport.Run(options, _folder.At("said")).Notes, note => note.Contains("hidden_act", StringComparison.Ordinal));
        string text = File.ReadAllText(options.ClipConfiguration!);
        File.WriteAllText(options.ClipConfiguration!, text.Replace("hidden_act", "other", StringComparison.Ordinal));
        var report = ModelImport.Run(options, _folder.At("left-open"));
        Assert.Equal(Activation.QuickGelu, report.Activation);
        Assert.Equal(Activation.Gelu, ModelImport.Run(options with { Activation = Activation.Gelu }, _folder.At("asked")).Activation);
        Assert.Contains(report.Notes, note => note.EndsWith("names no hidden_act; QuickGelu was taken, as Hugging Face's program does", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void A_vocabulary_that_is_cut_or_another_models_is_named_as_the_user_knows_it()
    {
        var options = Make("open_clip", "original");
        string Fails<T>()
            where T : Exception => Assert.Throws<T>(() => ModelImport.Run(options, _folder.At("bundle"))).Message;
        string right = File.ReadAllText(options.Vocabulary);
        File.WriteAllText(options.Vocabulary, right.Replace("\"!\":0,", "", StringComparison.Ordinal));
        Assert.StartsWith(options.Vocabulary, Fails<ModelBundleException>(), StringComparison.Ordinal);
        File.WriteAllText(options.Vocabulary, right.Replace(":513}", ":600}", StringComparison.Ordinal));
        Assert.Contains("has the end token 600, and the weights know 514 tokens", Fails<ImportException>(), StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.Names(), name => name.StartsWith('.') || name == "bundle");
    }

    /// <summary>Beside the shapes nothing can be known before numbers are read.</summary>
    [SkippableFact]
    public void Numbers_that_are_none_or_too_large_leave_nothing_behind()
    {
        var options = Make("open_clip", "original");
        const string Name = "visual.transformer.resblocks.3.mlp.c_fc.weight";
        options = options with { Clip = Edited(options.Clip, Name, 1e5f), Precision = Precision.F16 };
        Assert.Contains("blocks.3.mlp.fc1.weight holds 100000, which float16 cannot", Assert.Throws<ArgumentException>(() => ModelImport.Run(options, _folder.At("bundle"))).Message, StringComparison.Ordinal);
        options = options with { Clip = Edited(options.Clip, Name, float.NaN) };
        Assert.Contains($"has NaN in tensor '{Name}'", Assert.Throws<WeightsException>(() => ModelImport.Run(options, _folder.At("bundle"))).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.Names(), name => name.StartsWith('.') || name == "bundle");

        string Edited(string from, string name, float value)
        {
            string to = _folder.At($"{value}.safetensors");
            SafetensorsEdit.Rewrite(from, to, tensors => BitConverter.TryWriteBytes(tensors.Single(tensor => tensor.Name == name).Data, value));
            return to;
        }
    }

    [SkippableFact]
    public void Parts_with_an_index_and_names_with_the_prefix_of_the_text_tower_are_the_same_model()
    {
        var options = Make("open_clip", "original");
        var whole = ModelImport.Run(options, _folder.At("whole")).Bundle;

        var index = new Dictionary<string, string>();
        for (int part = 0; part < 2; part++)
        {
            string name = $"part{part}.safetensors";
            SafetensorsEdit.Rewrite(options.Clip, _folder.At(name), tensors =>
            {
                tensors.RemoveAll(tensor => (tensor.Name.Length % 2 == 0) != (part == 0));
                tensors.ForEach(tensor => index[tensor.Name] = name);
            });
        }
        File.WriteAllText(_folder.At("clip.index.json"), JsonSerializer.Serialize(new { weight_map = index }));
        SameAs(whole, options with { Clip = _folder.At("clip.index.json") }, "parts");

        string prefixed = _folder.At("prefixed.safetensors");
        SafetensorsEdit.Rewrite(options.Clip, prefixed, tensors =>
            tensors.ForEach(tensor => tensor.Name = tensor.Name.StartsWith("visual.", StringComparison.Ordinal) || tensor.Name == "logit_scale" ? tensor.Name : $"text.{tensor.Name}"));
        SameAs(whole, options with { Clip = prefixed }, "prefixed");

        File.WriteAllText(_folder.At("clip.index.json"), JsonSerializer.Serialize(new { weight_map = new { a = "../part0.safetensors" } }));
        string escape = Assert.Throws<ImportException>(() => ModelImport.Run(options with { Clip = _folder.At("clip.index.json") }, _folder.At("escape"))).Message;
        Assert.Contains("beside the index", escape, StringComparison.Ordinal);

        void SameAs(ModelBundle expected, ImportOptions other, string name)
        {
            var actual = ModelImport.Run(other, _folder.At(name)).Bundle;
            var (a, b) = (SelfTest.Read(expected), SelfTest.Read(actual));
            Assert.Equal(a.Vlm.Values.ToArray(), b.Vlm.Values.ToArray());
            Assert.Equal(a.Text.Values.ToArray(), b.Text.Values.ToArray());
        }
    }

    [SkippableFact]
    public void Half_precision_and_a_pair_of_other_patches_run()
    {
        var options = Make("open_clip", "original");
        string dino = ReferenceTowers.Make("dinov2", "original", "--size", "tiny", "--registers", "4");

        var bundle = ModelImport.Run(options with { Dino = dino, Precision = Precision.F16 }, _folder.At("bundle")).Bundle;

        Assert.Equal((16, 14), (bundle.Vlm.PatchSize, bundle.Vm.PatchSize));
        Assert.All(ModelSelfTest.Run(bundle), outcome => Assert.True(outcome.Holds, outcome.ToString()));
        using var segmenter = new Segmenter(bundle, new SegmenterOptions { Device = DevicePreference.Cpu });
        var result = segmenter.Segment(TestPictures.Scene(120, 90), ClassList.Parse("sky, road"), new SegmentationSettings { ShortSide = 224 });
        Assert.Equal((120, 90), (result.Labels.Width, result.Labels.Height));
    }

    [SkippableFact]
    public void A_bundle_is_replaced_only_if_that_is_said_and_a_folder_that_is_none_never()
    {
        var options = Make("open_clip", "original");
        ModelImport.Run(options with { Name = "first" }, _folder.At("bundle"));
        Assert.Contains("is there already", Assert.Throws<ImportException>(() => ModelImport.Run(options, _folder.At("bundle"))).Message, StringComparison.Ordinal);
        Assert.Equal("second", ModelImport.Run(options with { Name = "second" }, _folder.At("bundle"), replace: true).Bundle.Name);
        Directory.CreateDirectory(_folder.At("mine"));
        Assert.Contains("no bundle", Assert.Throws<ImportException>(() => ModelImport.Run(options, _folder.At("mine"), replace: true)).Message, StringComparison.Ordinal);
    }

    private ImportOptions Make(string clipNaming, string dinoNaming) => TinyModels.Make(_folder, clipNaming, dinoNaming);
}
