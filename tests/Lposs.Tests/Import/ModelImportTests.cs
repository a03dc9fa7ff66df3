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
        string dino = ReferenceTowers.Make(_folder, "dinov2", "original", "--size", "tiny", "--registers", "4");

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
