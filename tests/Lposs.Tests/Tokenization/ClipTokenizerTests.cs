using System.IO.Compression;
using System.Text.Json;
using Lposs.Bundles;
using Lposs.Tests.Support;
using Lposs.Tokenization;
using Lposs.Tools.Import;
using Lposs.Tools.Import.Exporter;
using Xunit;

namespace Lposs.Tests.Tokenization;

/// <summary>
/// The golden ids are published ones of CLIP's own tokenizer; its vocabulary is not part of the project: the folder
/// clip
/// below LPOSS_SHARED_DATA or, if that is not set, below ../shared/data beside the repository.
/// </summary>
public sealed class ClipTokenizerTests
{
    private static readonly (string, string)[] s_merges =
    [
        ("c", "a"),
        ("ca", "t</w>"),
        ("'", "s</w>"),
        ("o", "n"),
        ("on", "on"),
    ];

    private static readonly string s_folder = Repository.SharedData("clip");

    private static readonly Lazy<ClipTokenizer> s_list = new(() =>
        Make(
            BytePairVocabulary.ReadList(
                Path.Combine(s_folder, "bpe_simple_vocab_16e6.txt.gz"),
                TokenizerSpec.ClipStart,
                TokenizerSpec.ClipEnd
            )
        )
    );

    private static readonly Lazy<ClipTokenizer> s_pair = new(() =>
        Make(
            BytePairVocabulary.ReadPair(
                Path.Combine(s_folder, "vocab.json"),
                Path.Combine(s_folder, "merges.txt"),
                TokenizerSpec.ClipStart,
                TokenizerSpec.ClipEnd
            )
        )
    );

    [SkippableTheory]
    [InlineData("", "")]
    [InlineData("Hello World!", "3306 1002 256")]
    [InlineData("a photo of a cat", "320 1125 539 320 2368")]
    [InlineData("a photo of a dog", "320 1125 539 320 1929")]
    [InlineData("a diagram", "320 22697")]
    [InlineData("Hello, World! 123", "3306 267 1002 256 272 273 274")]
    [InlineData("don't stop 42 times", "847 713 1691 275 273 1661")]
    [InlineData("it's a cat's toy, running   fast", "585 568 320 2368 568 5988 267 2761 1953")]
    [InlineData("2 dogs and 3 cats", "273 3255 537 274 3989")]
    [InlineData("A red car, driving FAST!!", "320 736 1615 267 4161 1953 748")]
    [InlineData(
        "Two people are sitting next to a wood - stacked campfire at night",
        "1237 1047 631 4919 1131 531 320 1704 268 24990 32530 536 930"
    )]
    [InlineData("tinfoil", "1310 17302")]
    [InlineData("tin foil", "5420 17302")]
    [InlineData("caf\u00e9", "15304")]
    [InlineData("cafe\u0301", "15304")]
    [InlineData("caf\u00c3\u00a9", "15304")]
    [InlineData("\u65e5\u843d", "39121 164 238 377")]
    [InlineData("a cat &amp; a dog", "320 2368 261 320 1929")]
    [InlineData("a cat & a dog", "320 2368 261 320 1929")]
    [InlineData("itap of a sky.", "529 2728 539 320 2390 269")]
    [InlineData("a bad photo of a potted plant.", "320 2103 1125 539 320 48581 3912 269")]
    [InlineData("a photo of a tv monitor", "320 1125 539 320 1583 10198")]
    [InlineData("a origami aeroplane.", "320 31832 27735 3980 269")]
    public void Ids_are_the_published_ones_from_either_format(string text, string ids)
    {
        Skip.IfNot(Directory.Exists(s_folder), "CLIP's vocabulary is not there (LPOSS_SHARED_DATA)");
        long[] expected = [49406, .. ids.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse), 49407];
        Assert.Equal(expected, s_list.Value.Encode(text));
        Assert.Equal(expected, s_pair.Value.Encode(text));
    }

    /// <summary>Ids by hand: bytes from '!' = 0, the same at a word's end from 256, merges from 512, start 517, end
    /// 518.</summary>
    [Theory]
    [InlineData("!", "256")]
    [InlineData("cat", "513")]
    [InlineData("CAT\u2019S", "513 514")]
    [InlineData("cats", "512 83 338")]
    [InlineData("ononon", "516 78 333")]
    [InlineData("42", "275 273")]
    [InlineData("<|endoftext|>cat", "518 513")]
    [InlineData("a<|endoftext|>", "320 518")]
    public void Words_are_merged_by_rank(string text, string ids) =>
        Assert.Equal(
            [517, .. ids.Split(' ').Select(long.Parse), 518],
            Make(new BytePairVocabulary(s_merges, TokenizerSpec.ClipStart, TokenizerSpec.ClipEnd)).Encode(text)
        );

    [Fact]
    public void Both_formats_of_a_bundle_give_the_same_ids()
    {
        using var folder = new TestBundle();
        string lines = string.Join('\n', s_merges.Select(merge => $"{merge.Item1} {merge.Item2}"));
        folder.Put("merges.txt", System.Text.Encoding.UTF8.GetBytes($"#version: 0.2\n{lines}\n"));
        folder.Put("list.gz", Gzip($"header\n{lines}\nrest of the file\n"));
        string[] symbols =
        [
            .. BytePairVocabulary.ByteSymbols,
            .. BytePairVocabulary.ByteSymbols.Select(symbol => symbol + BytePairVocabulary.WordEnd),
            .. s_merges.Select(merge => merge.Item1 + merge.Item2),
            "<start_of_text>",
            "<end_of_text>",
        ];
        folder.Put(
            "vocab.json",
            JsonSerializer.SerializeToUtf8Bytes(
                symbols.Select((symbol, id) => (symbol, id)).ToDictionary(s => s.symbol, s => s.id)
            )
        );
        folder.Edit(manifest =>
            manifest["text"]!["tokenizer"] = System.Text.Json.Nodes.JsonNode.Parse(
                """{"kind":"clip-bpe","files":{"vocabulary":"vocab.json","merges":"merges.txt"},"""
                    + """ "start":"<start_of_text>","end":"<end_of_text>"}"""
            )
        );

        var bundle = ModelBundle.Open(folder.Folder);
        var pair = ClipTokenizer.Open(bundle.Text.Tokenizer, bundle.PathOf);
        var list = new ClipTokenizer(
            BytePairVocabulary.ReadList(folder.PathOf("list.gz"), "<start_of_text>", "<end_of_text>", s_merges.Length),
            "<start_of_text>",
            "<end_of_text>"
        );

        foreach (
            string text in (string[])["cat's", "caf\u00e9 \U0001f332", "<start_of_text> cat <|endoftext|>", "\0\ud800"]
        )
            Assert.Equal(list.Encode(text), pair.Encode(text));
        Assert.Equal([517, 517, 513, 518], pair.Encode("<start_of_text>cat"));
    }

    [Fact]
    public void A_cut_or_foreign_vocabulary_is_refused_in_one_sentence()
    {
        using var folder = new TestBundle();
        string path = folder.PathOf("list.gz");
        folder.Put("list.gz", Gzip("header\nc a\n"));
        string Refusal() =>
            Failing
                .With(
                    LpossErrorCode.InvalidBundle,
                    () => BytePairVocabulary.ReadList(path, TokenizerSpec.ClipStart, TokenizerSpec.ClipEnd, 2)
                )
                .Message;

        Assert.Equal($"{path} has 1 merges, and 2 are needed: it is cut or another file.", Refusal());
        folder.Put("list.gz", Gzip("header\nc a\nno merge here\n"));
        Assert.Equal($"{path} line 3 is no merge; a merge is two symbols with a space between.", Refusal());
        folder.Put("list.gz", Gzip("header\nc a\nc a\n"));
        Assert.Equal($"{path}: the merge 'c a' is there twice.", Refusal());
        folder.Put("list.gz", Gzip("header\nca t\nc a\n"));
        Assert.Equal($"{path}: the merge 'ca t' is of symbols that no merge before it makes.", Refusal());
    }

    [Theory]
    [InlineData("  A\t\u3000b\u00a0 ", "a b")]
    [InlineData("\u201cpot\u2019s\u201d", "\"pot's\"")]
    [InlineData("\uff21\uff22\uff11 \ufb01re", "ab1 fire")]
    [InlineData("a\u0007b\ufeffc", "abc")]
    [InlineData("na\u00c3\u00afve", "na\u00efve")]
    [InlineData("it\u00e2\u20ac\u2122s", "it's")]
    [InlineData("caf\u00e9", "caf\u00e9")]
    [InlineData("\u1ebf e\u0302\u0301", "\u1ebf \u1ebf")]
    [InlineData("a &amp;amp; b", "a & b")]
    [InlineData("\u0130", "i\u0307")]
    public void Texts_are_cleaned(string text, string clean) => Assert.Equal(clean, TextCleaning.Clean(text));

    /// <summary>What html.unescape of Python 3.11 makes of them.</summary>
    [Theory]
    [InlineData("R&D", "R&D")]
    [InlineData("B&B &amp; spa", "B&B & spa")]
    [InlineData("a &copy b", "a \u00A9 b")]
    [InlineData("&copyright", "\u00A9right")]
    [InlineData("&notit", "\u00ACit")]
    [InlineData("caf&eacute;s", "caf\u00E9s")]
    [InlineData("caf&eacutes", "caf\u00E9s")]
    [InlineData("&#39;s", "'s")]
    [InlineData("&#39s", "'s")]
    [InlineData("&#x2019;s", "\u2019s")]
    [InlineData("&#x41", "A")]
    [InlineData("&#128;", "\u20AC")]
    [InlineData("&#0;x", "\uFFFDx")]
    [InlineData("&#13;x", "\u000Dx")]
    [InlineData("&#1;x", "x")]
    [InlineData("&#xD800;", "\uFFFD")]
    [InlineData("&#1114112;", "\uFFFD")]
    [InlineData("&#99999999999;", "\uFFFD")]
    [InlineData("&AMP;amp;", "&amp;")]
    [InlineData("&LTx", "<x")]
    [InlineData("&nbsp;x", "\u00A0x")]
    [InlineData("&notin;", "\u2209")]
    [InlineData("&unknown;", "&unknown;")]
    [InlineData("&", "&")]
    [InlineData("&;", "&;")]
    [InlineData("&#;", "&#;")]
    [InlineData("&#x;", "&#x;")]
    [InlineData("&lt;b&gt;", "<b>")]
    [InlineData("&apos;s", "'s")]
    [InlineData("&hellip", "&hellip")]
    [InlineData("&#xFFFF;x", "x")]
    [InlineData("&#xFDD0;x", "x")]
    [InlineData("&#x1F332;", "\U0001F332")]
    [InlineData("&ampersand", "&ersand")]
    [InlineData("&QUOTx", "\"x")]
    [InlineData("&yumlx", "\u00FFx")]
    [InlineData("&Alpha;", "\u0391")]
    [InlineData("&Alpha", "&Alpha")]
    [InlineData("salt&pepper", "salt&pepper")]
    public void Character_references_are_resolved_as_Python_does(string text, string resolved) =>
        Assert.Equal(resolved, CharacterReferences.Resolve(text));

    [Fact]
    public void Half_a_surrogate_pair_becomes_the_replacement_character() =>
        Assert.Equal("x\ufffdy", TextCleaning.Clean("x\ud800y"));

    private static ClipTokenizer Make(BytePairVocabulary vocabulary) =>
        new(vocabulary, TokenizerSpec.ClipStart, TokenizerSpec.ClipEnd);

    private static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress))
            gzip.Write(System.Text.Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }
}
