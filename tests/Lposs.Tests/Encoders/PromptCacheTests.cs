using System.Text.Json.Nodes;
using Lposs.Bundles;
using Lposs.Encoders;
using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Tests.Encoders;

/// <summary>What is kept of prompts between processes: the same bits, and never another prompt's.</summary>
public sealed class PromptCacheTests : IDisposable
{
    private static readonly ClassList s_classes = ClassList.Parse("sky, road; street, car");

    private readonly TemporaryFolder _folder = new();
    private readonly TestBundle _bundle = new();

    public void Dispose()
    {
        _folder.Dispose();
        _bundle.Dispose();
    }

    [Fact]
    public void What_is_cached_is_the_same_bits_and_the_text_encoder_is_not_opened()
    {
        using var plain = new TextEncoder(Open());
        using var cold = new TextEncoder(Open(), cache: Cache());
        using var warm = new TextEncoder(Open(), cache: Cache());

        var expected = plain.Encode(s_classes);
        Assert.Equal(expected.Values.ToArray(), cold.Encode(s_classes).Values.ToArray());
        Assert.True(cold.IsOpen);
        Assert.Equal(expected.Values.ToArray(), warm.Encode(s_classes).Values.ToArray());
        Assert.False(warm.IsOpen);
        Assert.Equal(4, Cache().Measure().Prompts);
    }

    [Fact]
    public void A_list_that_is_partly_known_gives_what_it_gives_anew()
    {
        var more = ClassList.Parse("tree, sky, building, car");
        using var plain = new TextEncoder(Open());
        using var first = new TextEncoder(Open(), cache: Cache());
        first.Encode(s_classes);
        using var second = new TextEncoder(Open(), cache: Cache());

        Assert.Equal(plain.Encode(more).Values.ToArray(), second.Encode(more).Values.ToArray());
        Assert.Equal(6, Cache().Measure().Prompts);
    }

    [Fact]
    public void Prompts_that_were_cut_are_said_to_be_from_the_cache_too()
    {
        var classes = ClassList.Parse("sky, " + string.Join(' ', Enumerable.Repeat("car", 40)));
        using var cold = new TextEncoder(Open(), cache: Cache());
        using var warm = new TextEncoder(Open(), cache: Cache());

        Assert.Equal([1], cold.Encode(classes).CutPrompts.ToArray());
        Assert.Equal([1], warm.Encode(classes).CutPrompts.ToArray());
        Assert.False(warm.IsOpen);
    }

    /// <summary>Whatever changes an embedding changes its key: nothing of the other is found.</summary>
    [Theory]
    [InlineData("templates")]
    [InlineData("text.onnx")]
    [InlineData("vocab.json")]
    [InlineData("context")]
    [InlineData("device")]
    public void Another_encoder_finds_nothing(string what)
    {
        using (var first = new TextEncoder(Open(), cache: Cache()))
            first.Encode(s_classes);
        var options = new EncoderOptions();
        switch (what)
        {
            case "templates":
                _bundle.Edit(manifest => manifest["text"]!["templates"] = new JsonArray("a {}", "{}"));
                break;
            case "context":
                _bundle.Edit(manifest => manifest["text"]!["context_length"] = 31);
                break;
            case "device":
                options = new EncoderOptions { Device = EncoderDevice.Cuda, DeviceName = "a card" };
                break;
            default:
                // Bytes at the end of a file that change its hash.
                _bundle.Put(what, [.. File.ReadAllBytes(_bundle.PathOf(what)), (byte)'\n']);
                break;
        }
        var key = PromptCacheKey.Of(Open(), options);

        Assert.All(s_classes.Prompts, prompt => Assert.Null(Cache().Find(key, prompt)));
    }

    [Fact]
    public void Other_templates_of_the_same_bundle_have_entries_of_their_own()
    {
        var bundle = Open();
        using var first = new TextEncoder(bundle, cache: Cache());
        using var second = new TextEncoder(bundle.WithTemplates(["{} in the water"]), cache: Cache());
        first.Encode(s_classes);
        second.Encode(s_classes);

        Assert.True(second.IsOpen);
        Assert.Equal(8, Cache().Measure().Prompts);
    }

    [Theory]
    [InlineData("cut short")]
    [InlineData("a bit")]
    [InlineData("empty")]
    [InlineData("another prompt's")]
    [InlineData("very long")]
    [InlineData("folder")]
    public void A_damaged_file_is_ignored_and_written_anew(string damage)
    {
        using var plain = new TextEncoder(Open());
        using (var first = new TextEncoder(Open(), cache: Cache()))
            first.Encode(s_classes);
        string[] files = Directory.GetFiles(Cache().Folder);
        byte[][] whole = [.. files.Select(File.ReadAllBytes)];
        switch (damage)
        {
            case "cut short":
                File.WriteAllBytes(files[0], whole[0][..^1]);
                break;
            case "a bit":
                whole[0][20] ^= 1;
                File.WriteAllBytes(files[0], whole[0]);
                break;
            case "empty":
                File.WriteAllBytes(files[0], []);
                break;
            case "another prompt's":
                File.WriteAllBytes(files[0], whole[1]);
                break;
            case "very long":
                File.WriteAllBytes(files[0], new byte[2 << 20]);
                break;
            default:
                File.Delete(files[0]);
                Directory.CreateDirectory(files[0]);
                break;
        }

        using var second = new TextEncoder(Open(), cache: Cache());
        Assert.Equal(plain.Encode(s_classes).Values.ToArray(), second.Encode(s_classes).Values.ToArray());
        Assert.True(second.IsOpen);
        if (damage == "folder")
        {
            Assert.StartsWith("the embeddings of prompts could not be kept in ", second.CacheProblem);
            return;
        }
        using var third = new TextEncoder(Open(), cache: Cache());
        third.Encode(s_classes);
        Assert.False(third.IsOpen);
    }

    [Fact]
    public void Beyond_its_bound_the_prompts_that_were_not_used_longest_go()
    {
        using (var first = new TextEncoder(Open(), cache: Cache()))
            first.Encode(ClassList.Parse("sky, road, street, car"));
        string[] files = Directory.GetFiles(Cache().Folder);
        long each = new FileInfo(files[0]).Length;
        foreach (string file in files)
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-1));
        // To use one makes it young.
        using (var second = new TextEncoder(Open(), cache: Cache()))
            second.Encode(ClassList.Parse("road"));

        var small = Cache(mostBytes: 4 * each);
        using (var third = new TextEncoder(Open(), cache: small))
        {
            third.Encode(ClassList.Parse("tree, road"));
            Assert.Null(third.CacheProblem);
        }

        Assert.Equal(3, small.Measure().Prompts); // Nine tenths of four, and a whole number.
        var key = PromptCacheKey.Of(Open(), new EncoderOptions());
        Assert.NotNull(small.Find(key, "tree"));
        Assert.NotNull(small.Find(key, "road"));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_a_warning()
    {
        string file = _folder.At("file");
        File.WriteAllText(file, "no folder");
        var cache = new PromptCache(Path.Combine(file, "prompts"));
        using var segmenter = new Segmenter(Open(), new SegmenterOptions { PromptCache = cache });

        var result = segmenter.Segment(TestImages.Scene(64, 64, 1), s_classes);

        Assert.StartsWith(
            $"the embeddings of prompts could not be kept in {cache.Folder}: ",
            segmenter.PromptCacheProblem
        );
        Assert.Contains(segmenter.PromptCacheProblem!, result.Warnings);
    }

    [Fact]
    public void Many_threads_with_caches_of_their_own_share_a_folder()
    {
        using var plain = new TextEncoder(Open());
        float[] expected = plain.Encode(s_classes).Values.ToArray();

        Parallel.For(
            0,
            16,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            _ =>
            {
                using var encoder = new TextEncoder(Open(), cache: Cache());
                Assert.Equal(expected, encoder.Encode(s_classes).Values.ToArray());
                Assert.Null(encoder.CacheProblem);
            }
        );
        Assert.Equal(4, Directory.GetFileSystemEntries(Cache().Folder).Length);
    }

    [Fact]
    public void Clearing_removes_the_prompts_and_nothing_else()
    {
        Assert.Equal((0, 0L), Cache().Measure());
        Cache().Clear();
        using (var encoder = new TextEncoder(Open(), cache: Cache()))
            encoder.Encode(s_classes);
        File.WriteAllText(Path.Combine(Cache().Folder, "note.txt"), "mine");

        Cache().Clear();

        Assert.Equal("note.txt", Path.GetFileName(Directory.GetFileSystemEntries(Cache().Folder).Single()));
    }

    private ModelBundle Open() => ModelBundle.Open(_bundle.Folder);

    private PromptCache Cache(long mostBytes = PromptCache.DefaultMostBytes) => new(_folder.At("prompts"), mostBytes);
}
