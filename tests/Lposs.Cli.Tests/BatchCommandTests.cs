using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Lposs.Imaging;
using Lposs.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Lposs.Cli.Tests;

/// <summary><c>lposs batch</c> as a process, on small images in mode vlm, so that many runs take little time.</summary>
public sealed class BatchCommandTests(ITestOutputHelper log) : IDisposable
{
    private const string Classes = "sky, road; street, car, building, tree";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string[] Arguments(string output, params string[] more) =>
        [
            "batch",
            "in",
            "-c",
            Classes,
            "-o",
            output,
            "--mode",
            "vlm",
            .. more.Contains("--short-side") ? (string[])[] : ["--short-side", "112"],
            "--device",
            "cpu",
            .. more,
        ];

    private CommandRun Run(string output, params string[] more) =>
        LpossCommand.Run(_folder.Root, Arguments(output, more));

    /// <summary>Images of noise that differ, in two folders; returns their names.</summary>
    private string[] MakeImages(int count)
    {
        var random = new Random(1);
        string[] names =
        [
            .. Enumerable.Range(0, count).Select(i => $"{(i % 2 == 0 ? "even" : "odd/deep")}/p{i:000}.png"),
        ];
        foreach (string name in names)
        {
            string path = _folder.At("in/" + name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            int width = random.Next(30, 80),
                height = random.Next(30, 80);
            byte[] pixels = new byte[width * height * 3];
            random.NextBytes(pixels);
            PngFile.WriteRgb(path, new Image(width, height, pixels));
        }
        return names;
    }

    /// <summary>Every result by name, as a hash: what must be the same of two runs. Reports hold times, and are left
    /// out.</summary>
    private SortedDictionary<string, string> Results(string output)
    {
        string root = _folder.At(output);
        var results = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (
            string path in Directory.EnumerateFiles(
                root,
                "*",
                new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }
            )
        )
        {
            string name = Path.GetRelativePath(root, path);
            if (name != "run.json" && !name.StartsWith(".lposs/", StringComparison.Ordinal))
                results[name] = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));
        }
        return results;
    }

    private JsonElement Report(string output) =>
        JsonDocument.Parse(File.ReadAllText(_folder.At(output + "/run.json"))).RootElement;

    [Fact]
    public void A_folder_becomes_a_folder_of_label_maps_and_a_second_run_does_nothing()
    {
        string[] names = MakeImages(6);
        var run = Run("out", "--format", "labels,overlay");
        Assert.True(run.ExitCode == 0, run.Error);
        var results = Results("out");
        Assert.Equal(
            names
                .SelectMany(name => new[] { name, name.Replace(".png", "_overlay.png", StringComparison.Ordinal) })
                .Append("classes.json")
                .Order(StringComparer.Ordinal),
            results.Keys
        );
        var single = LpossCommand.Run(
            _folder.Root,
            "segment",
            "in/" + names[0],
            "-c",
            Classes,
            "-o",
            "single",
            "--mode",
            "vlm",
            "--short-side",
            "112",
            "--device",
            "cpu"
        );
        Assert.True(single.ExitCode == 0, single.Error);
        Assert.Equal(
            File.ReadAllBytes(_folder.At("single/p000.png")),
            File.ReadAllBytes(_folder.At("out/" + names[0]))
        );

        Assert.Equal(6, Report("out").GetProperty("done").GetInt32());
        Assert.Equal(0, Run("out", "--format", "labels,overlay").ExitCode);
        Assert.Equal(
            (0, 6),
            (Report("out").GetProperty("done").GetInt32(), Report("out").GetProperty("done_before").GetInt32())
        );
        Assert.Equal(results, Results("out"));
    }

    [Fact]
    public void Images_of_any_sizes_that_share_runs_of_the_encoders_have_the_labels_that_segment_gives_each()
    {
        var random = new Random(3);
        // One window, four windows, and sizes that differ, in all modes' features.
        (int Width, int Height)[] sizes =
        [
            (96, 96),
            (96, 96),
            (90, 96),
            (40, 96),
            (300, 50),
            (96, 96),
            (120, 70),
            (1, 1),
            (96, 90),
            (300, 50),
        ];
        Directory.CreateDirectory(_folder.At("in"));
        for (int i = 0; i < sizes.Length; i++)
        {
            byte[] pixels = new byte[sizes[i].Width * sizes[i].Height * 3];
            random.NextBytes(pixels);
            PngFile.WriteRgb(_folder.At($"in/p{i}.png"), new Image(sizes[i].Width, sizes[i].Height, pixels));
        }
        string[] how = ["-c", Classes, "--short-side", "96", "--device", "cpu"];
        var batch = LpossCommand.Run(_folder.Root, ["batch", "in", "-o", "out", .. how]);
        Assert.True(batch.ExitCode == 0, batch.Error);
        for (int i = 0; i < sizes.Length; i++)
        {
            var single = LpossCommand.Run(_folder.Root, ["segment", $"in/p{i}.png", "-o", "single", .. how]);
            Assert.True(single.ExitCode == 0, single.Error);
            Assert.Equal(
                File.ReadAllBytes(_folder.At($"single/p{i}.png")),
                File.ReadAllBytes(_folder.At($"out/p{i}.png"))
            );
        }
        Assert.Empty(Report("out").GetProperty("warnings").EnumerateArray());
        Assert.All(
            Report("out").GetProperty("stages").EnumerateArray(),
            stage => Assert.Equal(sizes.Length, stage.GetProperty("images").GetInt32())
        );
    }

    [Fact]
    public void The_number_of_workers_changes_nothing()
    {
        MakeImages(10);
        Assert.Equal(
            0,
            Run(
                "one",
                "--decoders",
                "1",
                "--encoders",
                "1",
                "--solvers",
                "1",
                "--writers",
                "1",
                "--threads",
                "1"
            ).ExitCode
        );
        Assert.Equal(
            0,
            Run(
                "many",
                "--decoders",
                "3",
                "--encoders",
                "2",
                "--solvers",
                "3",
                "--writers",
                "2",
                "--threads",
                "2",
                "--memory",
                "1"
            ).ExitCode
        );
        Assert.Equal(Results("one"), Results("many"));
    }

    /// <summary>Scores of small images at a small side were the ones that once differed.</summary>
    [Theory]
    [InlineData("labels,overlay", 112)]
    [InlineData("labels,coco,panoptic,cvat,yolo,webdataset,scores16,npz,confidence16", 64)]
    public void Killed_at_any_moment_and_started_again_it_ends_as_if_it_had_not_been(string formats, int shortSide)
    {
        MakeImages(60);
        string[] settings = ["--format", formats, "--short-side", $"{shortSide}"];
        Assert.Equal(0, Run("whole", settings).ExitCode);
        int seed = Environment.TickCount;
        log.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (int kill = 0; kill < 4; kill++)
        {
            // Each start may get another number of processors.
            string[] threads = ["--threads", $"{random.Next(1, 4)}"];
            using var process = LpossCommand.StartForSignals(
                _folder.Root,
                Arguments("killed", [.. settings, .. threads])
            );
            process.WaitForExit(random.Next(250, 1100));
            process.Kill();
            process.WaitForExit();
        }
        var last = Run("killed", settings);
        Assert.True(last.ExitCode == 0, last.Error);
        Assert.Equal(Results("whole"), Results("killed"));
        string[] lines = File.ReadAllLines(_folder.At("killed/.lposs/journal.jsonl"));
        string[] recorded =
        [
            .. lines.Skip(1).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("name").GetString()!),
        ];
        Assert.Equal(60, recorded.Length); // none lost, none doubled
        Assert.Equal(60, recorded.Distinct().Count());
        log.WriteLine($"before the last run {Report("killed").GetProperty("done_before")} of 60 were done");
    }

    [Fact]
    public void Results_that_went_or_changed_are_made_again()
    {
        string[] names = MakeImages(4);
        Assert.Equal(0, Run("out").ExitCode);
        var results = Results("out");
        File.Delete(_folder.At("out/" + names[0]));
        File.WriteAllText(_folder.At("out/" + names[1]), "cut");
        Assert.Equal(0, Run("out").ExitCode);
        Assert.Equal(2, Report("out").GetProperty("done").GetInt32());
        Assert.Equal(results, Results("out"));

        byte[] bytes = File.ReadAllBytes(_folder.At("out/" + names[2]));
        bytes[^20] ^= 1;
        File.WriteAllBytes(_folder.At("out/" + names[2]), bytes);
        Assert.Equal(0, Run("out", "--verify").ExitCode);
        Assert.Equal(results, Results("out"));
    }

    [Fact]
    public void A_changed_setting_is_refused_by_name_unless_forced()
    {
        MakeImages(2);
        Assert.Equal(0, Run("out").ExitCode);
        var other = Run("out", "--tau", "0.5");
        Assert.Equal(1, other.ExitCode);
        Assert.Contains("other settings (parameters;", other.Error, StringComparison.Ordinal);
        Assert.Equal(0, Run("out", "--tau", "0.5", "--force").ExitCode);
        Assert.Equal(2, Report("out").GetProperty("done").GetInt32());
    }

    [Fact]
    public void Broken_images_are_named_and_all_others_done()
    {
        string[] names = MakeImages(10);
        byte[] good = File.ReadAllBytes(_folder.At("in/" + names[0]));
        byte[] huge = [.. good];
        (huge[16], huge[20]) = (0x7f, 0x7f); // width and height of the header
        byte[] garbage = [.. good];
        new Random(5).NextBytes(garbage.AsSpan(100, 400));
        (string Name, Action<string> Break)[] broken =
        [
            ("truncated.png", path => File.WriteAllBytes(path, good[..(good.Length / 2)])),
            ("empty.png", path => File.WriteAllBytes(path, [])),
            ("text.png", path => File.WriteAllText(path, "no image")),
            ("huge.png", path => File.WriteAllBytes(path, huge)),
            ("zeros.jpg", path => File.WriteAllBytes(path, new byte[3000])),
            ("garbage.png", path => File.WriteAllBytes(path, garbage)),
            ("header.jpg", path => File.WriteAllBytes(path, [0xFF, 0xD8, 0xFF, 0xE0])),
            ("signature.png", path => File.WriteAllBytes(path, good[..8])),
            ("dangling.png", path => File.CreateSymbolicLink(path, "nowhere.png")),
            ("pdf.gif", path => File.WriteAllText(path, "%PDF-1.7\n")),
        ];
        foreach (var (name, make) in broken)
            make(_folder.At("in/even/" + name));
        var run = Run("out");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            names.Append("classes.json").Append("errors.jsonl").Order(StringComparer.Ordinal),
            Results("out").Keys
        );
        var errors = File.ReadAllLines(_folder.At("out/errors.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToArray();
        Assert.Equal(
            broken.Select(item => "even/" + item.Name).Order(StringComparer.Ordinal),
            errors.Select(error => error.GetProperty("name").GetString())
        );
        Assert.All(errors, error => Assert.False(string.IsNullOrWhiteSpace(error.GetProperty("reason").GetString())));
        Assert.Equal(10, Report("out").GetProperty("failed").GetInt32());

        // Once they are mended, the next run does them alone.
        foreach (var (name, _) in broken)
        {
            File.Delete(_folder.At("in/even/" + name));
            File.WriteAllBytes(_folder.At("in/even/" + name), good);
        }
        Assert.Equal(0, Run("out").ExitCode);
        Assert.Equal(10, Report("out").GetProperty("done").GetInt32());
        Assert.False(File.Exists(_folder.At("out/errors.jsonl")));
    }

    [Fact]
    public void Too_many_failures_end_the_run()
    {
        MakeImages(2);
        for (int i = 0; i < 5; i++)
            File.WriteAllText(_folder.At($"in/a{i}.png"), "no image");
        var run = Run("out", "--fail-fast");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("failed, and 0 may; ", run.Error, StringComparison.Ordinal);
        Assert.Contains("--max-errors", run.Error, StringComparison.Ordinal);
        Assert.False(Report("out").GetProperty("is_complete").GetBoolean());
        Assert.Equal(1, Run("out", "--max-errors", "5").ExitCode);
        Assert.True(Report("out").GetProperty("is_complete").GetBoolean());
    }

    [Fact]
    public void Parts_that_are_merged_are_what_one_run_makes()
    {
        string[] names = MakeImages(12);
        File.WriteAllText(_folder.At("in/bad.png"), "no image");
        File.WriteAllText(_folder.At("in/worse.png"), "no image");
        Assert.Equal(1, Run("whole").ExitCode);

        Assert.Contains(
            "holds no parts",
            LpossCommand.Run(_folder.Root, "batch", "merge", "whole").Error,
            StringComparison.Ordinal
        );
        Run("parts", "--shard", "0/3");
        Run("parts", "--shard", "2/3");
        var early = LpossCommand.Run(_folder.Root, "batch", "merge", "parts");
        Assert.Equal(1, early.ExitCode);
        Assert.Contains("of the 3 parts in 'parts', 1 is missing or unfinished", early.Error, StringComparison.Ordinal);

        Run("parts", "--shard", "1/3");
        var merge = LpossCommand.Run(_folder.Root, "batch", "merge", "parts");
        Assert.True(merge.ExitCode == 1, merge.Error); // two images failed
        Assert.Equal(Results("whole"), Results("parts"));
        Assert.Equal(
            names.Length,
            Directory
                .GetFiles(_folder.At("parts/.lposs"), "journal-*-of-3.jsonl")
                .Sum(path => File.ReadAllLines(path).Length - 1)
        );
        Assert.Equal((14, 12, 2), Counts("parts"));
        Assert.Equal(Counts("whole"), Counts("parts"));
    }

    private const string AllFormats = "labels,overlay,coco,panoptic,cvat,yolo,webdataset,scores,npz16,confidence16";

    [SkippableFact]
    public void Every_format_is_read_back_by_an_independent_reader()
    {
        MakeImages(7);
        Assert.Equal(0, Run("out", "--format", AllFormats).ExitCode);
        string output = ReadBack.Run(_folder.At("out"));
        Assert.Contains("7 images, 5 classes", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_the_whole_collection_are_the_same_bytes_from_parts_and_from_a_run_that_was_taken_up()
    {
        MakeImages(8);
        Assert.Equal(0, Run("whole", "--format", AllFormats).ExitCode);
        for (int part = 0; part < 2; part++)
            Assert.Equal(0, Run("parts", "--format", AllFormats, "--shard", $"{part}/2").ExitCode);
        Assert.Equal(0, LpossCommand.Run(_folder.Root, "batch", "merge", "parts").ExitCode);
        Assert.Equal(Results("whole"), Results("parts"));

        var results = Results("whole");
        Assert.Contains("coco.json", results.Keys);
        File.Delete(_folder.At("whole/.lposs/coco/even/p000.json"));
        Assert.Equal(0, Run("whole", "--format", AllFormats).ExitCode);
        Assert.Equal(results, Results("whole"));
    }

    [Fact]
    public void Parts_with_other_settings_are_not_merged()
    {
        MakeImages(4);
        Assert.Equal(0, Run("parts", "--shard", "0/2").ExitCode);
        Assert.Equal(0, Run("parts", "--shard", "1/2", "--tau", "0.5").ExitCode);
        var merge = LpossCommand.Run(_folder.Root, "batch", "merge", "parts");
        Assert.Equal(1, merge.ExitCode);
        Assert.Contains(
            "part 1/2 was made with another parameters than part 0/2",
            merge.Error,
            StringComparison.Ordinal
        );
    }

    private (int Inputs, int Done, int Failed) Counts(string output)
    {
        var report = Report(output);
        return (
            report.GetProperty("inputs").GetInt32(),
            report.GetProperty("done").GetInt32(),
            report.GetProperty("failed").GetInt32()
        );
    }

    [Fact]
    public void Two_runs_in_one_folder_are_refused()
    {
        MakeImages(2);
        Directory.CreateDirectory(_folder.At("out/.lposs"));
        using (new FileStream(_folder.At("out/.lposs/lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            var run = Run("out");
            Assert.Equal(1, run.ExitCode);
            Assert.Contains("another process works in 'out'", run.Error, StringComparison.Ordinal);
        }
        Assert.Equal(0, Run("out").ExitCode);
    }

    [Fact]
    public void Events_are_one_object_a_line()
    {
        MakeImages(3);
        File.WriteAllText(_folder.At("in/bad.png"), "no image");
        var run = Run("out", "--json");
        string[] events =
        [
            .. run
                .Output.TrimEnd()
                .Split('\n')
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("event").GetString()!),
        ];
        Assert.Equal("start", events[0]);
        Assert.Equal("end", events[^1]);
        Assert.Equal((3, 1), (events.Count(name => name == "image"), events.Count(name => name == "error")));
    }

    [Fact]
    public void Templates_and_the_features_of_the_graph_are_settings_of_the_run_and_a_cut_prompt_is_in_its_report()
    {
        string prompt = string.Join(' ', Enumerable.Repeat("tree", 30));
        string[] arguments =
        [
            "batch",
            LpossCommand.Street,
            "-c",
            $"sky, wood; {prompt}",
            "-o",
            "out",
            "--short-side",
            "224",
            "--vm",
            "vlm",
            "--templates",
            "one",
        ];
        LpossCommand.Run(_folder.Root, arguments).AssertDone();
        using var report = System.Text.Json.JsonDocument.Parse(File.ReadAllText(_folder.At("out/run.json")));
        Assert.Contains(
            report.RootElement.GetProperty("warnings").EnumerateArray(),
            warning => warning.GetString()!.Contains("(class 'wood')", StringComparison.Ordinal)
        );
        Assert.Equal("Vlm", report.RootElement.GetProperty("settings").GetProperty("vm").GetString());
        Assert.StartsWith(
            "1 ",
            report.RootElement.GetProperty("settings").GetProperty("templates").GetString(),
            StringComparison.Ordinal
        );

        LpossCommand.Run(_folder.Root, arguments).AssertDone();
        LpossCommand.Run(_folder.Root, [.. arguments[..^1], "imagenet"]).AssertRefused(1, "templates", "--force");
        LpossCommand.Run(_folder.Root, [.. arguments[..^4], "--templates", "one"]).AssertRefused(1, "vm", "--force");
    }

    [Fact]
    public void Results_that_would_share_a_file_are_refused_before_the_work()
    {
        MakeImages(1);
        File.Copy(_folder.At("in/even/p000.png"), _folder.At("in/even/p000.jpg"));
        var run = Run("out");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("would both be written to 'even/p000.png'", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.At("out")));
    }
}
