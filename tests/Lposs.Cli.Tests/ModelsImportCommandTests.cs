using System.Diagnostics;
using System.Globalization;
using Lposs.Tests.Support;
using Lposs.Tools.Import;
using Xunit;
using Xunit.Abstractions;

namespace Lposs.Cli.Tests;

public sealed class ModelsImportCommandTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Files_become_a_bundle_that_every_command_takes()
    {
        var options = TinyModels.Make(_folder, "open_clip", "original");
        var import = Run(
                options,
                "--vlm",
                "naclip",
                "--templates",
                "one",
                "--dino-feature",
                "k",
                "--licence",
                "MIT",
                "--json"
            )
            .AssertDone();
        Assert.Equal("models import", import.Json.GetProperty("command").GetString());
        Assert.Equal("", import.Error);

        string shown = Command("models", "show", "bundle").AssertDone().Output;
        Assert.Contains(
            "CLIP with NaClip scores, DINO's keys compare; float32, 1 prompt templates.",
            shown,
            StringComparison.Ordinal
        );
        Assert.Contains("MIT", shown, StringComparison.Ordinal);
        Command("models", "check", "bundle").AssertDone();
        foreach (
            string[] appearance in (string[][])
                [
                    [],
                    ["--vm", "vlm"],
                ]
        )
        {
            var segment = Command([
                    "segment",
                    LpossCommand.Street,
                    "-c",
                    "sky, road",
                    "--model",
                    "bundle",
                    "--short-side",
                    "224",
                    "-o",
                    "out",
                    "--json",
                    .. appearance,
                ])
                .AssertDone();
            Assert.True(File.Exists(_folder.At("out/street.png")), segment.Output);
        }
        Assert.Contains("is there already", Run(options, "-q").Error, StringComparison.Ordinal);
        Run(options, "--force", "--vlm", "gem", "--precision", "float16").AssertDone();
        Assert.Contains(
            "CLIP with Gem scores, DINO's values compare; float16, 80 prompt templates.",
            Command("models", "show", "bundle").AssertDone().Output,
            StringComparison.Ordinal
        );
        Command("models", "check", "bundle").AssertDone();
    }

    [SkippableFact]
    public void What_is_missing_is_one_sentence_with_the_option_that_gives_it()
    {
        var options = TinyModels.Make(_folder, "hf", "hf");
        Run(options with { ClipConfiguration = null }, "-q")
            .AssertRefused(1, "GELU or QuickGELU", "--clip-config", "--activation");
        Run(options with { Merges = null }, "-q").AssertRefused(1, "needs its merges.txt", "--merges");
        Run(options with { Clip = options.Vocabulary }, "-q").AssertRefused(1, "vocab.json is no index of weights");
        Run(options with { Clip = _folder.Root }, "-q").AssertRefused(1, "is a folder; name the safetensors file");
        Run(options with { Dino = _folder.At("none.safetensors") }, "-q")
            .AssertRefused(1, "none.safetensors does not exist");
        Run(options, "-q", "--vlm", "denseclip").AssertRefused(2, "--vlm", "maskclip", "gem");
        Run(options, "-q", "--templates", "two")
            .AssertRefused(1, "'two', which is neither one nor imagenet nor a file");
        Assert.DoesNotContain(_folder.Names(), name => name.StartsWith('.') || name == "bundle");
    }

    /// <summary>A pair of ViT-B/16 in less than 60 s and 3 GB; a third of a GB more than the largest encoder is
    /// usual.</summary>
    [SkippableFact]
    public void A_pair_of_full_size_takes_little_time_and_memory()
    {
        Skip.If(Environment.GetEnvironmentVariable("LPOSS_FULL_ENCODERS") is null, "LPOSS_FULL_ENCODERS is not set");
        ReferenceEncoders.Require();
        string clip = ReferenceEncoders.Make("clip", "open_clip", "--size", "full", "--seed", "3");
        string dino = ReferenceEncoders.Make("dino", "original", "--size", "full", "--seed", "6");
        File.WriteAllBytes(_folder.At("list.gz"), TinyModels.PublishedList());
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(
            new ProcessStartInfo(
                LpossCommand.Program,
                [
                    "models",
                    "import",
                    "-o",
                    _folder.At("bundle"),
                    "--clip",
                    clip,
                    "--activation",
                    "gelu",
                    "--dino",
                    dino,
                    "--vocabulary",
                    _folder.At("list.gz"),
                    "-q",
                ]
            )
        )!;
        long peak = 0;
        while (!process.WaitForExit(20))
            peak = Math.Max(peak, PeakKibibytes(process.Id));
        output.WriteLine($"{clock.Elapsed.TotalSeconds:0.0} s, {peak / 1024.0:0} MiB");
        Assert.Equal(0, process.ExitCode);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 60);
        Assert.InRange(peak, 1, 3_000_000_000 / 1024);
    }

    /// <summary>The most memory that a process has had; 0 where it has just ended.</summary>
    private static long PeakKibibytes(int process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process}/status")
                .FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null
                ? 0
                : long.Parse(
                    line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1],
                    CultureInfo.InvariantCulture
                );
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private CommandRun Run(ImportOptions options, params string[] more) =>
        Command([
            "models",
            "import",
            "-o",
            "bundle",
            "--clip",
            options.Clip,
            "--dino",
            options.Dino,
            "--vocabulary",
            options.Vocabulary,
            .. options.ClipConfiguration is { } configuration ? ["--clip-config", configuration] : (string[])[],
            .. options.Merges is { } merges ? ["--merges", merges] : (string[])[],
            .. more,
        ]);

    private CommandRun Command(params string[] arguments) => LpossCommand.Run(_folder.Root, arguments);
}
