using System.CommandLine;
using System.Diagnostics;
using Lposs.Cli.Output;

namespace Lposs.Cli.Commands;

/// <summary><c>lposs bench</c>: the native benchmark beside the command, with its options.</summary>
internal static class BenchCommand
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

    public static Command Create(GlobalOptions global)
    {
        var bench = new Command(
            "bench",
            "Measure this machine's ceilings and every stage of the core against them; each result is checked first.");
        Option<string>[] options =
            [.. s_options.Select(option => new Option<string>(option.Name) { HelpName = option.Value, Description = option.Description })];
        Option<bool>[] flags = [.. s_flags.Select(flag => new Option<bool>(flag.Name) { Description = flag.Description })];
        foreach (var option in options)
            bench.Options.Add(option);
        foreach (var flag in flags)
            bench.Options.Add(flag);
        global.Bind(bench, (parse, _, cancellation) =>
        {
            List<string> arguments = [];
            foreach (var option in options)
                if (parse.GetValue(option) is { } value)
                    arguments.AddRange([option.Name, value]);
            arguments.AddRange(flags.Where(flag => parse.GetValue(flag)).Select(flag => flag.Name));
            return Run(arguments, parse.GetValue(global.Json), cancellation);
        });
        return bench;
    }

    private static int Run(List<string> arguments, bool isJson, CancellationToken cancellation)
    {
        string path = Path.Combine(AppContext.BaseDirectory, Program);
        if (!File.Exists(path))
            throw new InputException($"the benchmark {path} is not there; ./build.sh build makes it");
        if (isJson)
            arguments.Add("--json");
        using var process = Process.Start(new ProcessStartInfo(path, arguments) { RedirectStandardOutput = isJson })!;
        using var stop = cancellation.Register(process.Kill);
        if (isJson)
            PrintDocument(process.StandardOutput);
        process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        return process.ExitCode;
    }

    /// <summary>The benchmark ends with its document; the tables before it are left out.</summary>
    private static void PrintDocument(StreamReader output)
    {
        string last = "";
        while (output.ReadLine() is { } line)
            if (line.StartsWith('{'))
                last = line;
        if (last.Length > 0)
            Console.Out.WriteLine(last);
    }
}
