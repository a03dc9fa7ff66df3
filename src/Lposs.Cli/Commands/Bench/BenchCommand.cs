using System.CommandLine;
using System.Diagnostics;

namespace Lposs.Cli.Commands.Bench;

/// <summary><c>lposs bench</c>: the native benchmark beside the command, with its options.</summary>
internal sealed class BenchCommand : CliCommand
{
    private const string Program = "lposs_bench";

    // The benchmark checks the values itself, so that its rules stand in one place.
    private static readonly (string Name, string Value, string Description)[] s_options =
    [
        ("--size", "HxW,...", "Model input in pixels. [default: 448x597]"),
        ("--classes", "N,...", "Prompts that go through the solves. [default: 21]"),
        ("--patches", "N,...", "Patch counts of their own for the patch step. [default: those of the size's windows]"),
        ("--dimensions", "N", "Of the vision model's features. [default: 768]"),
        ("--threads", "N", "CPU threads. [default: one for each processor]"),
        ("--repeats", "N", "Each figure is the median of so many runs. [default: 7]"),
        ("--device", "cpu|cuda", "What to measure. [default: cpu]"),
        ("--compare", "reference", "Run the NumPy reference beside it; needs python3 with numpy and scipy."),
    ];

    private static readonly (string Name, string Description)[] s_flags =
    [
        ("--grid", "Sizes of 0.1 to 8.3 megapixels, 1 to 171 classes, 500 to 8,000 patches."),
        ("--no-check", "Leave out the check against the naive spec, which comes before each timing."),
    ];

    private readonly Option<string>[] _valued =
    [
        .. s_options.Select(option => new Option<string>(option.Name)
        {
            HelpName = option.Value,
            Description = option.Description,
        }),
    ];

    private readonly Option<bool>[] _flags =
    [
        .. s_flags.Select(flag => new Option<bool>(flag.Name) { Description = flag.Description }),
    ];

    public BenchCommand(CommandHost host)
        : base(
            host,
            "bench",
            "Measure this machine's ceilings and every stage of the core against them; each result is checked first."
        ) => Takes([.. _valued, .. _flags]);

    protected override async Task<int> RunAsync(CommandCall call)
    {
        string path = Path.Combine(AppContext.BaseDirectory, Program);
        if (!File.Exists(path))
            throw new InputException($"the benchmark {path} is not there; ./build.sh build makes it");
        List<string> arguments = [];
        foreach (var option in _valued)
            if (call.Value(option) is { } value)
                arguments.AddRange([option.Name, value]);
        arguments.AddRange(_flags.Where(flag => call.Value(flag)).Select(flag => flag.Name));
        bool isJson = call.Output.IsJson;
        if (isJson)
            arguments.Add("--json");
        using var process = Process.Start(new ProcessStartInfo(path, arguments) { RedirectStandardOutput = isJson })!;
        using var stop = call.CancellationToken.Register(process.Kill);
        if (isJson)
            await PrintDocumentAsync(process.StandardOutput);
        await process.WaitForExitAsync();
        call.CancellationToken.ThrowIfCancellationRequested();
        return process.ExitCode;
    }

    /// <summary>The benchmark ends with its document; the tables before it are left out.</summary>
    private static async Task PrintDocumentAsync(StreamReader output)
    {
        string last = "";
        while (await output.ReadLineAsync() is { } line)
            if (line.StartsWith('{'))
                last = line;
        if (last.Length > 0)
            await Console.Out.WriteLineAsync(last);
    }
}
