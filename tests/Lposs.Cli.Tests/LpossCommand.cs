using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Lposs.Tests.Support;
using Lposs.Tools.Import.Exporter;
using Xunit;

namespace Lposs.Cli.Tests;

/// <summary>The built <c>lposs</c> command, run as a process.</summary>
internal static class LpossCommand
{
    // The user's own cache is left alone.
    private static readonly TemporaryFolder s_caches = MakeCaches();
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    /// <summary>The program: beside its assembly, without the ending.</summary>
    public static string Program { get; } =
        Path.ChangeExtension(
            typeof(LpossCommand)
                .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(attribute => attribute.Key == "CommandAssembly")
                .Value!,
            null
        );

    /// <summary>The sample image of the project: a rendered street, 384 x 288 pixels.</summary>
    public static string Street { get; } = Repository.PathOf("src/Lposs.Cli/samples/street.png");

    public static CommandRun Run(string folder, params string[] arguments) => Run(folder, [], arguments);

    public static CommandRun Run(string folder, (string Name, string Value)[] environment, string[] arguments)
    {
        return Finish(Start(folder, environment, Program, arguments), arguments);
    }

    private static CommandRun Finish(Process started, string[] arguments)
    {
        using var process = started;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_limit))
        {
            process.Kill();
            Assert.Fail($"lposs {string.Join(' ', arguments)} did not end within {s_limit}");
        }
        return new CommandRun(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    /// <summary>Runs the command in a shell: <paramref name="script"/> has it as "$0" and its arguments as
    /// "$@".</summary>
    public static CommandRun RunInShell(string folder, string script, params string[] arguments) =>
        Finish(Start(folder, [], "sh", ["-c", script, Program, .. arguments]), arguments);

    /// <summary>Starts the command as a terminal does: signals that the tests' own caller ignores have their
    /// effect.</summary>
    public static Process StartForSignals(string folder, params string[] arguments) =>
        Start(folder, [], "env", ["--default-signal", Program, .. arguments]);

    private static TemporaryFolder MakeCaches()
    {
        var folder = new TemporaryFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        return folder;
    }

    private static Process Start(
        string folder,
        (string Name, string Value)[] environment,
        string program,
        string[] arguments
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("LPOSS_TRACE");
        start.Environment["XDG_CACHE_HOME"] = s_caches.Root;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}

/// <summary>What a run of the command said.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output as the one JSON document that it must be.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>The run did what it was asked for.</summary>
    public CommandRun AssertDone()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Error}");
        return this;
    }

    /// <summary>The run was refused with one sentence on standard error, and said nothing else.</summary>
    public void AssertRefused(int exitCode, params string[] fragments)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode}, not {exitCode}: {Error}");
        Assert.Equal("", Output);
        string line = Assert.Single(Error.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("lposs: ", line, StringComparison.Ordinal);
        foreach (string fragment in fragments)
            Assert.Contains(fragment, line, StringComparison.Ordinal);
    }
}
