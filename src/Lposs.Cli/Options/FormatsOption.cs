using System.CommandLine;
using Lposs.Cli.Files;
using Lposs.Encoding;
using Lposs.Formats;

namespace Lposs.Cli.Options;

/// <summary>How results are written down.</summary>
internal static class FormatsOption
{
    public static Option<string> Create() => new("--format", "-f")
    {
        Description = $"What to write of each picture, with commas between: {string.Join(", ", ResultFormats.Names)}.",
        HelpName = "FORMAT,...",
        DefaultValueFactory = _ => "labels",
    };

    /// <exception cref="UsageException">A name is unknown, or there twice.</exception>
    public static IReadOnlyList<IResultFormat> Read(string text, ClassList classes)
    {
        string[] names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0)
            throw new UsageException($"--format is empty; it may name {string.Join(", ", ResultFormats.Names)}");
        if (names.Except(ResultFormats.Names).FirstOrDefault() is { } unknown)
            throw new UsageException($"--format names '{unknown}'; it may name {string.Join(", ", ResultFormats.Names)}");
        return names.Distinct().Count() == names.Length
            ? [.. names.Select(name => ResultFormats.Create(name, classes))]
            : throw new UsageException($"--format is '{text}'; it may name each format once");
    }
}
