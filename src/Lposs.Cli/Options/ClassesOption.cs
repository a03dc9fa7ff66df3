using System.CommandLine;
using Lposs.Tools.Datasets;

namespace Lposs.Cli.Options;

/// <summary><c>--classes</c>: class names, a class file, or a benchmark by name.</summary>
internal static class ClassesOption
{
    public static Option<string?> Create(bool isRequired) =>
        new("--classes", "-c")
        {
            Description =
                "The classes: a comma between classes, a semicolon between the prompts of one class, the first of "
                + "which names it (\"sky, road; street, car\"); a class file (.json, such as the classes.json beside "
                + "results, or .txt with a class on each line and commas between its prompts); or the name of a "
                + "benchmark, such as voc (lposs classes lists them).",
            HelpName = "NAMES|FILE|BENCHMARK",
            Required = isRequired,
        };

    /// <summary>Reads class names, or the class file or the class set of a benchmark whose name they are.</summary>
    public static ClassList Read(string text)
    {
        if (ClassSets.Find(text) is { } set)
            return set;
        if (!IsFile(text))
            return ClassList.Parse(text);
        return Path.Exists(text)
            ? ClassList.Load(text)
            : throw new UsageException(
                $"there is no class file '{text}'; give class names, such as \"sky, road; street, car\", or a file "
                    + "that exists"
            );
    }

    private static bool IsFile(string text) =>
        Path.GetExtension(text).ToLowerInvariant() is ".json" or ".txt"
        || text.StartsWith("/dev/", StringComparison.Ordinal);

    /// <exception cref="UsageException">There is none of that name.</exception>
    public static ClassList Benchmark(string name) =>
        ClassSets.Find(name)
        ?? throw new UsageException($"there is no benchmark '{name}'; there are {string.Join(", ", ClassSets.Names)}");
}
