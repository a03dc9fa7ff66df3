using System.Text.Json;
using Lposs.Import;
using Lposs.Models;
using Lposs.Tests.Imaging;
using Lposs.Tests.Towers;
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

    private ImportOptions Make(string clipNaming, string dinoNaming)
    {
        ReferenceTowers.Require();
        string clip = ReferenceTowers.Make(_folder, "clip", clipNaming, "--size", "tiny", "--seed", "1");
        string dino = ReferenceTowers.Make(_folder, "dino", dinoNaming, "--size", "tiny", "--seed", "2");
        ReferenceTowers.Run("config", _folder.Root, "clip", clip, "--naming", clipNaming, "--activation", "quick_gelu");

        // The 512 symbols of single bytes, no merges, and the two special tokens: what tiny weights know.
        var symbols = Lposs.Encoding.BytePairVocabulary.ByteSymbols;
        string[] tokens = [.. symbols, .. symbols.Select(symbol => symbol + "</w>"), TokenizerSpec.ClipStart, TokenizerSpec.ClipEnd];
        string vocabulary = _folder.At("vocab.json");
        File.WriteAllText(vocabulary, JsonSerializer.Serialize(tokens.Index().ToDictionary(token => token.Item, token => token.Index)));
        string merges = _folder.At("merges.txt");
        File.WriteAllText(merges, "#version: 0.2\n");
        return new ImportOptions
        {
            Clip = clip,
            ClipConfiguration = _folder.At(clipNaming == "hf" ? "config.json" : "open_clip_config.json"),
            Dino = dino,
            Vocabulary = vocabulary,
            Merges = merges,
        };
    }
}
