using Lposs.Tests.Support;
using Lposs.Tools.Batch;
using Xunit;

namespace Lposs.Tools.Tests.Batch;

public sealed class JournalTests : IDisposable
{
    private static readonly BatchFingerprint s_settings = new(
        new Dictionary<string, string> { ["mode"] = "lposs", ["model"] = "m 1" }
    );

    private const string Input = """{"bytes":1,"modified":"2020-01-01T00:00:00Z","sha256":""}""";

    private readonly TemporaryFolder _folder = new();

    private string File => _folder.At("journal.jsonl");

    public void Dispose() => _folder.Dispose();

    private List<string> Open(BatchFingerprint? settings = null, bool startAnew = false, params string[] append)
    {
        var found = new List<string>();
        using var journal = Journal.Open(File, settings ?? s_settings, startAnew, entry => found.Add(entry.Name));
        foreach (string name in append)
            journal.Append(
                new JournalEntry(
                    name,
                    4,
                    3,
                    new(5, DateTimeOffset.UnixEpoch, "11"),
                    [new JournalOutput("x.png", 7, "00")]
                )
            );
        return found;
    }

    [Fact]
    public void What_was_recorded_is_found_again()
    {
        Assert.Empty(Open(append: ["a", "b\n\"ü"]));
        Assert.Equal(["a", "b\n\"ü"], Open(append: "c"));
        Assert.Equal(["a", "b\n\"ü", "c"], Open());
    }

    [Fact]
    public void However_the_last_line_was_torn_the_others_hold_and_the_next_one_begins_on_its_own()
    {
        Open(append: ["a", "b"]);
        byte[] whole = System.IO.File.ReadAllBytes(File);
        int lastLine = whole.AsSpan(0, whole.Length - 1).LastIndexOf((byte)'\n') + 1;
        for (int length = lastLine; length < whole.Length; length++)
        {
            System.IO.File.WriteAllBytes(File, whole[..length]);
            Assert.Equal(["a"], Open(append: "c"));
            Assert.Equal(["a", "c"], Open());
        }
    }

    [Fact]
    public void A_journal_whose_first_line_was_torn_begins_anew()
    {
        Open();
        System.IO.File.WriteAllBytes(File, System.IO.File.ReadAllBytes(File)[..10]);
        Assert.Empty(Open(append: "a"));
        Assert.Equal(["a"], Open());
    }

    [Fact]
    public void Other_settings_are_refused_by_name_unless_all_is_done_anew()
    {
        Open(append: "a");
        var other = new BatchFingerprint(
            new Dictionary<string, string>
            {
                ["mode"] = "vlm",
                ["model"] = "m 1",
                ["new"] = "x",
            }
        );
        string sentence = Failing.With(LpossErrorCode.BatchFailed, () => Open(other)).Message;
        Assert.Contains("other settings (mode, new;", sentence, StringComparison.Ordinal);
        Assert.Equal(["a"], Open());
        Assert.Empty(Open(other, startAnew: true));
        Assert.Empty(Open(other));
    }

    [Theory]
    [InlineData("{\"name\":")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"name\":null,\"width\":4,\"height\":3,\"input\":null,\"outputs\":null}")]
    [InlineData("""{"name":"a","width":4,"height":3,"outputs":[]}""")]
    [InlineData("""{"name":"a","width":4,"height":3,"input":{"bytes":1,"modified":"x","sha256":""},"outputs":[]}""")]
    [InlineData(
        """{"name":"a","width":4,"height":3,"input":INPUT,"outputs":[{"path":"../x","bytes":1,"sha256":""}]}"""
    )]
    public void A_damaged_line_in_the_middle_is_named(string line)
    {
        Open(append: ["a", "b"]);
        string[] lines = System.IO.File.ReadAllLines(File);
        System.IO.File.WriteAllLines(
            File,
            [lines[0], line.Replace("INPUT", Input, StringComparison.Ordinal), lines[2]]
        );
        Assert.Contains(
            "line 2 of",
            Failing.With(LpossErrorCode.BatchFailed, () => Open()).Message,
            StringComparison.Ordinal
        );
    }
}
