using System.IO.Compression;
using System.Text.Json;
using Lposs.Bundles;
using Lposs.Tokenization;
using Lposs.Tools.Import;

namespace Lposs.Tests.Support;

/// <summary>Small random weights under published names, with what is published beside them.</summary>
internal static class TinyModels
{
    /// <summary>CLIP with QuickGELU, DINO with patches of 16, and a vocabulary of bytes; the test is skipped without
    /// PyTorch.</summary>
    public static ImportOptions Make(TemporaryFolder folder, string clipNaming, string dinoNaming)
    {
        ReferenceEncoders.Require();
        string clip = ReferenceEncoders.Make("clip", clipNaming, "--size", "tiny", "--seed", "1");
        string dino = ReferenceEncoders.Make("dino", dinoNaming, "--size", "tiny", "--seed", "2");
        ReferenceEncoders.Run(
            "config",
            folder.Root,
            "clip",
            clip,
            "--naming",
            clipNaming,
            "--activation",
            "quick_gelu"
        );

        // The 512 symbols of single bytes, no merges, and the two special tokens: what tiny weights know.
        var symbols = BytePairVocabulary.ByteSymbols;
        string[] tokens =
        [
            .. symbols,
            .. symbols.Select(symbol => symbol + BytePairVocabulary.WordEnd),
            TokenizerSpec.ClipStart,
            TokenizerSpec.ClipEnd,
        ];
        string vocabulary = folder.At("vocab.json");
        File.WriteAllText(
            vocabulary,
            JsonSerializer.Serialize(tokens.Index().ToDictionary(token => token.Item, token => token.Index))
        );
        string merges = folder.At("merges.txt");
        File.WriteAllText(merges, "#version: 0.2\n");
        return new ImportOptions
        {
            Clip = clip,
            ClipConfiguration = folder.At(clipNaming == "hf" ? "config.json" : "open_clip_config.json"),
            Dino = dino,
            Vocabulary = vocabulary,
            Merges = merges,
        };
    }

    /// <summary>A list with as many merges as CLIP's, gzip, of which each joins two bytes.</summary>
    public static byte[] PublishedList()
    {
        var merges = BytePairVocabulary.ByteSymbols.SelectMany(left =>
            BytePairVocabulary.ByteSymbols.Select(right => $"{left} {right}{BytePairVocabulary.WordEnd}")
        );
        using var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionMode.Compress))
        using (var writer = new StreamWriter(gzip))
            writer.Write("\"header\"\n" + string.Join('\n', merges.Take(BytePairVocabulary.ClipMerges)) + "\n");
        return file.ToArray();
    }
}
