using System.Text.Json;
using Lposs.Bundles;
using Lposs.Tests.Support;
using Lposs.Tools.Import;
using Lposs.Tools.Import.Exporter;
using Lposs.Tools.Import.Weights;
using Lposs.Tools.Tests.Import.Weights;
using Xunit;

namespace Lposs.Tools.Tests.Import;

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
        Assert.Contains(
            "is no CLIP",
            Fails<LpossException>(options with { Clip = options.Dino }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "is no DINO",
            Fails<LpossException>(options with { Dino = options.Clip }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "GELU or QuickGELU",
            Fails<LpossException>(options with { ClipConfiguration = null }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "leave one of them out",
            Fails<LpossException>(options with { Activation = Activation.Gelu }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "needs its merges.txt",
            Fails<LpossException>(options with { Merges = null }),
            StringComparison.Ordinal
        );
    }

    [SkippableFact]
    public void What_a_configuration_leaves_open_is_told()
    {
        var options = Make("hf", "hf");
        Assert.DoesNotContain(
            ModelImport.Run(options, _folder.At("said")).Notes,
            note => note.Contains("hidden_act", StringComparison.Ordinal)
        );
        string text = File.ReadAllText(options.ClipConfiguration!);
        File.WriteAllText(options.ClipConfiguration!, text.Replace("hidden_act", "other", StringComparison.Ordinal));
        var report = ModelImport.Run(options, _folder.At("left-open"));
        Assert.Equal(Activation.QuickGelu, report.Activation);
        Assert.Equal(
            Activation.Gelu,
            ModelImport.Run(options with { Activation = Activation.Gelu }, _folder.At("asked")).Activation
        );
        Assert.Contains(
            report.Notes,
            note =>
                note.EndsWith(
                    "names no hidden_act; QuickGelu was taken, as Hugging Face's program does",
                    StringComparison.Ordinal
                )
        );
    }

    [SkippableFact]
    public void A_vocabulary_that_is_cut_or_another_models_is_named_as_the_user_knows_it()
    {
        var options = Make("open_clip", "original");
        string Fails<T>()
            where T : Exception => Assert.Throws<T>(() => ModelImport.Run(options, _folder.At("bundle"))).Message;
        string right = File.ReadAllText(options.Vocabulary);
        File.WriteAllText(options.Vocabulary, right.Replace("\"!\":0,", "", StringComparison.Ordinal));
        Assert.StartsWith(options.Vocabulary, Fails<LpossException>(), StringComparison.Ordinal);
        File.WriteAllText(options.Vocabulary, right.Replace(":513}", ":600}", StringComparison.Ordinal));
        Assert.Contains(
            "has the end token 600, and the weights know 514 tokens",
            Fails<LpossException>(),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(_folder.Names(), name => name.StartsWith('.') || name == "bundle");
    }

    /// <summary>Beside the shapes nothing can be known before numbers are read.</summary>
    [SkippableFact]
    public void Numbers_that_are_none_or_too_large_leave_nothing_behind()
    {
        var options = Make("open_clip", "original");
        const string Name = "visual.transformer.resblocks.3.mlp.c_fc.weight";
        options = options with { Clip = Edited(options.Clip, Name, 1e5f), Precision = Precision.F16 };
        Assert.Contains(
            "blocks.3.mlp.fc1.weight holds 100000, which float16 cannot",
            Assert.Throws<LpossException>(() => ModelImport.Run(options, _folder.At("bundle"))).Message,
            StringComparison.Ordinal
        );
        options = options with { Clip = Edited(options.Clip, Name, float.NaN) };
        Assert.Contains(
            $"has NaN in tensor '{Name}'",
            Failing.With(LpossErrorCode.InvalidWeights, () => ModelImport.Run(options, _folder.At("bundle"))).Message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(_folder.Names(), name => name.StartsWith('.') || name == "bundle");

        string Edited(string from, string name, float value)
        {
            string to = _folder.At($"{value}.safetensors");
            SafetensorsEdit.Rewrite(
                from,
                to,
                tensors => BitConverter.TryWriteBytes(tensors.Single(tensor => tensor.Name == name).Data, value)
            );
            return to;
        }
    }

    [SkippableFact]
    public void Parts_with_an_index_and_names_with_the_prefix_of_the_text_encoder_are_the_same_model()
    {
        var options = Make("open_clip", "original");
        var whole = ModelImport.Run(options, _folder.At("whole")).Bundle;

        var index = new Dictionary<string, string>();
        for (int part = 0; part < 2; part++)
        {
            string name = $"part{part}.safetensors";
            SafetensorsEdit.Rewrite(
                options.Clip,
                _folder.At(name),
                tensors =>
                {
                    tensors.RemoveAll(tensor => (tensor.Name.Length % 2 == 0) != (part == 0));
                    tensors.ForEach(tensor => index[tensor.Name] = name);
                }
            );
        }
        File.WriteAllText(_folder.At("clip.index.json"), JsonSerializer.Serialize(new { weight_map = index }));
        SameAs(whole, options with { Clip = _folder.At("clip.index.json") }, "parts");

        string prefixed = _folder.At("prefixed.safetensors");
        SafetensorsEdit.Rewrite(
            options.Clip,
            prefixed,
            tensors =>
                tensors.ForEach(tensor =>
                    tensor.Name =
                        tensor.Name.StartsWith("visual.", StringComparison.Ordinal) || tensor.Name == "logit_scale"
                            ? tensor.Name
                            : $"text.{tensor.Name}"
                )
        );
        SameAs(whole, options with { Clip = prefixed }, "prefixed");

        File.WriteAllText(
            _folder.At("clip.index.json"),
            JsonSerializer.Serialize(new { weight_map = new { a = "../part0.safetensors" } })
        );
        string escape = Failing
            .With(
                LpossErrorCode.ImportFailed,
                () => ModelImport.Run(options with { Clip = _folder.At("clip.index.json") }, _folder.At("escape"))
            )
            .Message;
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
        string dino = ReferenceEncoders.Make("dinov2", "original", "--size", "tiny", "--registers", "4");

        var bundle = ModelImport
            .Run(options with { Dino = dino, Precision = Precision.F16 }, _folder.At("bundle"))
            .Bundle;

        Assert.Equal((16, 14), (bundle.Vlm.PatchSize, bundle.Vm.PatchSize));
        Assert.All(ModelSelfTest.Run(bundle), outcome => Assert.True(outcome.Holds, outcome.ToString()));
        using var segmenter = new Segmenter(bundle, new SegmenterOptions { Device = DevicePreference.Cpu });
        var result = segmenter.Segment(
            TestImages.Scene(120, 90),
            ClassList.Parse("sky, road"),
            new SegmentationSettings { ShortSide = 224 }
        );
        Assert.Equal((120, 90), (result.Labels.Width, result.Labels.Height));
    }

    [SkippableFact]
    public void A_bundle_is_replaced_only_if_that_is_said_and_a_folder_that_is_none_never()
    {
        var options = Make("open_clip", "original");
        ModelImport.Run(options with { Name = "first" }, _folder.At("bundle"));
        Assert.Contains(
            "is there already",
            Failing.With(LpossErrorCode.ImportFailed, () => ModelImport.Run(options, _folder.At("bundle"))).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(
            "second",
            ModelImport.Run(options with { Name = "second" }, _folder.At("bundle"), overwrite: true).Bundle.Name
        );
        Directory.CreateDirectory(_folder.At("mine"));
        Assert.Contains(
            "no bundle",
            Failing
                .With(LpossErrorCode.ImportFailed, () => ModelImport.Run(options, _folder.At("mine"), overwrite: true))
                .Message,
            StringComparison.Ordinal
        );
    }

    private ImportOptions Make(string clipNaming, string dinoNaming) =>
        TinyModels.Make(_folder, clipNaming, dinoNaming);
}
