using System.Diagnostics;
using Lposs.Imaging;
using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Cli.Tests;

/// <summary>Ctrl-C: the right exit code, soon, and no file half-written.</summary>
public sealed class InterruptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void A_run_ends_at_once_and_leaves_whole_files_only(string signal, int exitCode)
    {
        // Enough work for minutes, cut off as soon as the first result is there.
        string[] images = [.. Enumerable.Range(0, 200).Select(i => $"p{i}.png")];
        foreach (string image in images)
            File.CreateSymbolicLink(_folder.At(image), LpossCommand.Street);
        using var process = LpossCommand.StartForSignals(
            _folder.Root,
            ["segment", .. images, "-c", "sky, road", "-o", "out", "--format", "labels,overlay,scores", "-q"]
        );
        while (!File.Exists(_folder.At("out/p0.png")))
        {
            Assert.False(process.HasExited, "the run ended before its first result");
            Thread.Sleep(5);
        }
        Process.Start("kill", [$"-{signal}", $"{process.Id}"])!.WaitForExit();

        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(20)), "the run goes on");
        Assert.Equal(exitCode, process.ExitCode);
        Assert.Equal("", process.StandardError.ReadToEnd());
        foreach (string path in Directory.GetFiles(_folder.At("out")))
        {
            Assert.False(Path.GetFileName(path).StartsWith('.'), $"{path} is half-written");
            if (path.EndsWith("_overlay.png", StringComparison.Ordinal))
                Assert.Equal(384, Image.Load(path).Width);
            else if (path.EndsWith(".png", StringComparison.Ordinal))
                Assert.Equal(384, LabelMap.Load(path).Width);
            else if (path.EndsWith(".npy", StringComparison.Ordinal))
                Assert.Equal(288 * 384 * 2, NpyFile.ReadSingle(path).Length);
        }
        Assert.False(File.Exists(_folder.At("out/p199.png")));
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void An_interrupted_batch_says_in_one_line_that_the_same_command_goes_on(string signal, int exitCode)
    {
        Directory.CreateDirectory(_folder.At("in"));
        for (int i = 0; i < 200; i++)
            File.CreateSymbolicLink(_folder.At($"in/p{i}.png"), LpossCommand.Street);
        using var process = LpossCommand.StartForSignals(
            _folder.Root,
            ["batch", "in", "-c", "sky, road", "-o", "out", "--device", "cpu"]
        );
        while (!Directory.Exists(_folder.At("out")) || Directory.GetFiles(_folder.At("out"), "p*.png").Length == 0)
        {
            Assert.False(process.HasExited, "the run ended before its first result");
            Thread.Sleep(5);
        }
        Process.Start("kill", [$"-{signal}", $"{process.Id}"])!.WaitForExit();

        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(20)), "the run goes on");
        Assert.Equal(exitCode, process.ExitCode);
        Assert.Equal("lposs: interrupted; the same command goes on\n", process.StandardError.ReadToEnd());
    }
}
