using System.Diagnostics;
using Lposs.Imaging;
using Lposs.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Lposs.Cli.Tests;

/// <summary>The files that bring lposs batch to a cluster.</summary>
public sealed class ClusterTests(ITestOutputHelper log) : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void An_array_of_Slurm_with_a_task_that_is_requeued_makes_what_one_run_makes()
    {
        foreach (string program in (string[])["slurmctld", "slurmd", "munged"])
            Skip.IfNot(File.Exists("/usr/sbin/" + program), $"{program} is not installed (Debian: slurm-wlm, munge)");
        Skip.IfNot(Environment.IsPrivilegedProcess, "Slurm's daemons are started as root here");

        string images = Directory.CreateDirectory(_folder.At("images")).FullName;
        string work = Directory.CreateDirectory(_folder.At("work")).FullName;
        var random = new Random(2);
        for (int i = 0; i < 150; i++)
        {
            byte[] pixels = new byte[160 * 120 * 3];
            random.NextBytes(pixels);
            PngFile.WriteRgb(Path.Combine(images, $"p{i:000}.png"), new Image(160, 120, pixels));
        }
        var (exitCode, output) = Run(
            "bash",
            Path.Combine(Repository.Root, "tests/cluster/slurm_test.sh"),
            LpossCommand.Program,
            images,
            work
        );
        log.WriteLine(output);
        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public void The_batch_script_is_a_script_and_says_how_it_is_called()
    {
        string script = Path.Combine(Repository.Root, "src/Lposs.Cli/cluster/lposs-batch.sbatch");
        Assert.Equal(0, Run("bash", "-n", script).ExitCode);
        var (exitCode, output) = Run("bash", script);
        Assert.Equal(2, exitCode);
        Assert.Contains("usage: sbatch", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_job_counts_its_parts_once()
    {
        string[] lines =
        [
            .. File.ReadAllLines(Path.Combine(Repository.Root, "src/Lposs.Cli/cluster/lposs-batch-job.yaml"))
                .Select(line => line.Trim()),
        ];
        string completions = Assert
            .Single(lines, line => line.StartsWith("completions:", StringComparison.Ordinal))
            .Split(' ')[1];
        int count = Array.FindIndex(lines, line => line == "- name: LPOSS_SHARD_COUNT");
        Assert.Equal($"value: \"{completions}\"", lines[count + 1]);
        Assert.Contains("completionMode: Indexed", lines);
        Assert.Contains("- --shard=auto", lines);
    }

    private static (int ExitCode, string Output) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', arguments)} did not end within {s_limit}");
        }
        return (process.ExitCode, output.GetAwaiter().GetResult() + error.GetAwaiter().GetResult());
    }
}
