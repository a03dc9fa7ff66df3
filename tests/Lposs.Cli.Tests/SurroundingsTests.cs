using System.Text.Json;
using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Cli.Tests;

/// <summary>The command under other locales, without a home, with limits, and where its output cannot be
/// written.</summary>
public sealed class SurroundingsTests : IDisposable
{
    private static readonly string[] s_segment =
    [
        "segment",
        LpossCommand.Street,
        "-c",
        "sky, road",
        "--mode",
        "vlm",
        "--short-side",
        "96",
        "--device",
        "cpu",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private CommandRun InShell(string script, params string[] arguments) =>
        LpossCommand.RunInShell(_folder.Root, script, arguments);

    private CommandRun Segment(string script, string output, params string[] more) =>
        InShell(script, [.. s_segment, "-o", output, .. more]);

    [Theory]
    [InlineData("LC_ALL=tr_TR.UTF-8 LANG=tr_TR.UTF-8 exec \"$0\" \"$@\"")]
    [InlineData("LC_ALL=de_DE.UTF-8 TZ=Asia/Kathmandu exec \"$0\" \"$@\"")]
    [InlineData("TERM=dumb exec \"$0\" \"$@\"")]
    [InlineData("unset HOME; exec \"$0\" \"$@\"")]
    [InlineData("HOME=/proc exec \"$0\" \"$@\"")]
    [InlineData("umask 077; exec \"$0\" \"$@\"")]
    [InlineData("exec \"$0\" \"$@\" </dev/null")]
    public void Surroundings_change_no_byte_of_a_result(string script)
    {
        Segment("exec \"$0\" \"$@\"", "as-usual").AssertDone();
        Segment(script, "here").AssertDone();
        foreach (string file in (string[])["street.png", "classes.json"])
            Assert.Equal(
                File.ReadAllBytes(_folder.At($"as-usual/{file}")),
                File.ReadAllBytes(_folder.At($"here/{file}"))
            );
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("segment", "--help")]
    [InlineData("classes")]
    [InlineData("classes", "--json")]
    public void A_full_standard_output_is_named_as_such(params string[] arguments) =>
        InShell("exec \"$0\" \"$@\" >/dev/full", arguments)
            .AssertRefused(1, "standard output cannot be written: No space left on device");

    [Theory]
    [InlineData("--version")]
    [InlineData("classes")]
    public void A_closed_standard_output_is_named_as_such(params string[] arguments) =>
        InShell("exec \"$0\" \"$@\" >&-", arguments).AssertRefused(1, "standard output is closed");

    [Fact]
    public void A_full_standard_output_is_no_fault_of_an_image()
    {
        Directory.CreateDirectory(_folder.At("images"));
        File.Copy(LpossCommand.Street, _folder.At("images/a.png"));
        string[] batch = ["batch", "images", .. s_segment[2..], "-o", "out", "--json"];
        InShell("exec \"$0\" \"$@\" >/dev/full", batch).AssertRefused(1, "standard output cannot be written");
        Assert.False(
            File.Exists(_folder.At("out/errors.jsonl")) && File.ReadAllText(_folder.At("out/errors.jsonl")) != ""
        );
        InShell("exec \"$0\" \"$@\"", batch).AssertDone();
        Assert.True(File.Exists(_folder.At("out/a.png")));
    }

    [Theory]
    [InlineData("exec \"$0\" \"$@\" 2>/dev/full")]
    [InlineData("exec \"$0\" \"$@\" 2>&-")]
    public void Where_standard_error_fails_the_exit_code_still_tells(string script) =>
        Assert.Equal(
            1,
            InShell(script, "segment", "missing.png", "-c", "sky", "-o", "out", "--device", "cpu").ExitCode
        );

    [Fact]
    public void A_result_beyond_the_limit_of_file_sizes_is_an_error_and_leaves_nothing()
    {
        // The runtime maps its code through a file that is larger than this limit.
        const string Script = "export DOTNET_EnableWriteXorExecute=0; ulimit -f 200; exec \"$0\" \"$@\"";
        var run = Segment(Script, "out", "-f", "scores", "--quiet");
        run.AssertRefused(1, "cannot write 'out/street_scores.npy': a file may not become as large as it would");
        Assert.Equal(["classes.json"], Directory.GetFiles(_folder.At("out")).Select(Path.GetFileName));
    }

    [Fact]
    public void Results_go_to_a_pipe()
    {
        Segment("exec \"$0\" \"$@\"", "coarse").AssertDone();
        InShell(
                "\"$0\" \"$@\" | cat > piped.png",
                "refine",
                "--image",
                LpossCommand.Street,
                "--labels",
                "coarse/street.png",
                "-o",
                "/dev/stdout",
                "--device",
                "cpu",
                "--quiet"
            )
            .AssertDone();
        Assert.Equal(288, LabelMap.Load(_folder.At("piped.png")).Height);
    }
}
