using System.Diagnostics;
using System.Text.Json;
using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Cli.Tests;

/// <summary>The command on links, pipes and folders that would cost a user's files or never end.</summary>
public sealed class HostileInputTests : IDisposable
{
    private static readonly string[] s_quick =
    [
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

    private CommandRun Run(params string[] arguments) => LpossCommand.Run(_folder.Root, [.. arguments, .. s_quick]);

    private string MakeImage(string name, int seed = 1)
    {
        string path = _folder.At(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        byte[] pixels = new byte[60 * 50 * 3];
        new Random(seed).NextBytes(pixels);
        PngFile.WriteRgb(path, new Image(60, 50, pixels));
        return path;
    }

    private void MakePipe(string name)
    {
        using var mkfifo = Process.Start("mkfifo", [_folder.At(name)]);
        mkfifo.WaitForExit();
    }

    private JsonElement[] Errors(string output) =>
        [.. File.ReadLines(_folder.At(output + "/errors.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];

    private string[] FailedNames(string output) =>
        [.. Errors(output).Select(error => error.GetProperty("name").GetString()!)];

    [Theory]
    [InlineData("batch", "images", "link")]
    [InlineData("batch", "link", "images")]
    [InlineData("batch", "images", "images")]
    [InlineData("batch", "images/p.png", "link")]
    [InlineData("segment", "images/p.png", "link")]
    [InlineData("segment", "link/p.png", "images")]
    public void Inputs_are_not_overwritten_through_links(string command, string input, string output)
    {
        string path = MakeImage("images/p.png");
        byte[] before = File.ReadAllBytes(path);
        Directory.CreateSymbolicLink(_folder.At("link"), _folder.At("images"));
        var run = Run(command, input, "-o", output);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.DoesNotContain("unexpected", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Inputs_are_not_overwritten_where_a_folder_of_the_results_leads_to_them()
    {
        string path = MakeImage("images/deep/p.png");
        byte[] before = File.ReadAllBytes(path);
        Directory.CreateDirectory(_folder.At("out"));
        Directory.CreateSymbolicLink(_folder.At("out/deep"), _folder.At("images/deep"));
        var run = Run("batch", "images", "-o", "out");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("would replace a file that is read", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Fact]
    public void A_link_where_a_result_goes_is_replaced_and_its_target_stays()
    {
        MakeImage("images/p.png");
        File.WriteAllText(_folder.At("precious.txt"), "precious");
        Directory.CreateDirectory(_folder.At("out"));
        File.CreateSymbolicLink(_folder.At("out/p.png"), _folder.At("precious.txt"));
        File.CreateSymbolicLink(_folder.At("out/run.json"), _folder.At("precious.txt"));
        var run = Run("batch", "images", "-o", "out");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal("precious", File.ReadAllText(_folder.At("precious.txt")));
        Assert.Null(new FileInfo(_folder.At("out/p.png")).LinkTarget);
    }

    [Fact]
    public void Pipes_and_circles_in_a_folder_end_and_are_said()
    {
        MakeImage("images/p.png");
        MakePipe("images/x.png");
        Directory.CreateSymbolicLink(_folder.At("images/self"), ".");
        var run = Run("batch", "images", "-o", "out");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("left out, since they are no images: 1 a pipe", run.Error, StringComparison.Ordinal);
        Assert.Contains("1 of 1 images are in out", run.Output, StringComparison.Ordinal);
        var named = Run("batch", "images/x.png", "images/p.png", "-o", "out2");
        Assert.Equal(1, named.ExitCode);
        Assert.Contains("it is a pipe, not a file", named.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Endless_text_ends()
    {
        MakeImage("images/p.png");
        Assert.Contains("which is the most", Run("batch", "@/dev/zero", "-o", "out").Error, StringComparison.Ordinal);
        var templates = Run("batch", "images", "-o", "out", "--templates", "/dev/zero");
        Assert.Equal(1, templates.ExitCode);
        Assert.Contains("which is the most", templates.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipe_in_a_bundle_is_refused()
    {
        using var bundle = new TestBundle();
        string file = Directory.GetFiles(bundle.Folder, "*.onnx")[0];
        File.Delete(file);
        using (var mkfifo = Process.Start("mkfifo", [file]))
            mkfifo.WaitForExit();
        var run = LpossCommand.Run(_folder.Root, "models", "show", bundle.Folder);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("is a pipe; a file is expected", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_cannot_be_written_stops_no_other_image_and_is_tried_again()
    {
        MakeImage("images/p.png");
        MakeImage("images/" + new string('n', 250) + ".png");
        MakeImage("images/x.jpg");
        MakeImage("images/x.png/y.jpg");
        MakeImage("images/back\\slash.png");
        for (int start = 0; start < 2; start++)
        {
            var run = Run("batch", "images", "-o", "out", "--format", "labels,cvat,coco,overlay");
            Assert.Equal(1, run.ExitCode);
            Assert.Equal(["back\\slash.png", new string('n', 250) + ".png", "x.png/y.jpg"], FailedNames("out"));
            Assert.Contains(start == 0 ? "2 of 5 images" : "2 of 5 images", run.Output, StringComparison.Ordinal);
        }
        // The longest name can be written where nothing is added to it.
        Assert.Equal(1, Run("batch", "images", "-o", "plain").ExitCode);
        Assert.Equal(["back\\slash.png", "x.png/y.jpg"], FailedNames("plain"));
        Assert.DoesNotContain(
            Directory.EnumerateFiles(_folder.At("out"), "*", SearchOption.AllDirectories),
            path => Path.GetFileName(path).EndsWith(".tmp", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void An_image_that_was_replaced_is_done_again_and_one_that_went_is_named()
    {
        MakeImage("images/a.png", 1);
        MakeImage("images/b.png", 2);
        MakeImage("images/c.png", 3);
        Assert.Equal(0, Run("batch", "images", "-o", "out").ExitCode);
        byte[] before = File.ReadAllBytes(_folder.At("out/a.png"));
        File.Copy(_folder.At("images/c.png"), _folder.At("images/a.png"), overwrite: true);
        File.SetLastWriteTimeUtc(_folder.At("images/b.png"), DateTime.UtcNow); // touched, and the same
        File.Delete(_folder.At("images/c.png"));
        var run = Run("batch", "images", "-o", "out");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("1 image changed since it was done ('a.png'); done again", run.Error, StringComparison.Ordinal);
        Assert.Contains("that the collection does not have ('c.png')", run.Error, StringComparison.Ordinal);
        Assert.Contains("2 of 2 images are in out", run.Output, StringComparison.Ordinal);
        Assert.NotEqual(before, File.ReadAllBytes(_folder.At("out/a.png")));
        var report = JsonDocument.Parse(File.ReadAllText(_folder.At("out/run.json"))).RootElement;
        Assert.Equal((1, 1), (report.GetProperty("done").GetInt32(), report.GetProperty("done_before").GetInt32()));

        // With the old size and time only the contents tell.
        var time = File.GetLastWriteTimeUtc(_folder.At("images/b.png"));
        long size = new FileInfo(_folder.At("images/b.png")).Length;
        byte[] bytes = File.ReadAllBytes(_folder.At("images/b.png"));
        MakeImage("images/b.png", 9);
        if (new FileInfo(_folder.At("images/b.png")).Length != size)
        {
            bytes[^5] ^= 1; // in the end chunk's checksum; decoders that check it say so
            File.WriteAllBytes(_folder.At("images/b.png"), bytes);
        }
        File.SetLastWriteTimeUtc(_folder.At("images/b.png"), time);
        Assert.DoesNotContain("changed since", Run("batch", "images", "-o", "out").Error, StringComparison.Ordinal);
        Assert.Contains(
            "changed since",
            Run("batch", "images", "-o", "out", "--verify").Error,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("journal.jsonl", "{\"schema\":2")]
    [InlineData("journal.jsonl", "null\n")]
    [InlineData("journal.jsonl", "{\"schema\":2,\"settings\":{\"mode\":null}}\n")]
    public void A_damaged_journal_is_said_in_one_sentence(string file, string contents)
    {
        MakeImage("images/a.png");
        Directory.CreateDirectory(_folder.At("out/.lposs"));
        File.WriteAllText(_folder.At("out/.lposs/" + file), contents);
        var run = Run("batch", "images", "-o", "out");
        if (contents.EndsWith('\n'))
        {
            Assert.Equal(1, run.ExitCode);
            Assert.Contains("line 1 of", run.Error, StringComparison.Ordinal);
            Assert.Contains("--force", run.Error, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(0, run.ExitCode); // a line that was torn by a kill
        }
    }

    [Fact]
    public void A_damaged_tar_is_named_once_by_a_collection_in_parts()
    {
        MakeImage("images/a.png");
        File.WriteAllText(_folder.At("bad.tar"), new string('x', 2000));
        for (int part = 0; part < 2; part++)
        {
            var run = Run("batch", "images", "bad.tar", "-o", "out", "--shard", $"{part}/2");
            Assert.Equal(part == 0 ? 1 : 0, run.ExitCode);
        }
        Assert.Equal(1, LpossCommand.Run(_folder.Root, "batch", "merge", "out").ExitCode);
        Assert.Equal(["bad.tar"], FailedNames("out"));
        Assert.True(File.Exists(_folder.At("out/a.png")));
    }

    [Theory]
    [InlineData(".lposs/run-0-of-2.json", "{}")]
    [InlineData(".lposs/run-0-of-2.json", "[")]
    [InlineData(".lposs/run-0-of-2.json", "null")]
    [InlineData(".lposs/errors-0-of-2.jsonl", "null\n")]
    [InlineData(".lposs/errors-0-of-2.jsonl", "{\"name\":null}\n")]
    [InlineData(".lposs/errors-0-of-2.jsonl", "}\n")]
    [InlineData(".lposs/journal-1-of-2.jsonl", "[]\n")]
    [InlineData(".lposs/coco/a.json", "{\"x\":1}")]
    [InlineData(".lposs/coco/a.json", "[1]")]
    [InlineData(".lposs/coco/a.json", "")]
    [InlineData("classes.json", "[{\"name\":")]
    public void Damaged_parts_are_named_by_the_merge(string file, string contents)
    {
        MakeImage("images/a.png");
        for (int part = 0; part < 2; part++)
            Assert.Equal(0, Run("batch", "images", "-o", "out", "--format", "coco", "--shard", $"{part}/2").ExitCode);
        File.WriteAllText(_folder.At("out/" + file), contents);
        var run = LpossCommand.Run(_folder.Root, "batch", "merge", "out");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(Path.GetFileName(file), run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }
}
