using System.CommandLine;
using Lposs.Cli.Files;

namespace Lposs.Cli.Options;

/// <summary>One mode or several, for commands that compare them.</summary>
internal static class ModesOption
{
    public static Option<string> Create() => new("--mode")
    {
        Description = "How far to go: vlm, lposs or lposs+; or several, with commas between, of pictures that are encoded once.",
        HelpName = "MODE,...",
        DefaultValueFactory = _ => "lposs+",
    };

    /// <exception cref="UsageException">A word is no mode, or there twice.</exception>
    public static IReadOnlyList<SegmentationMode> Read(string text)
    {
        string[] words = text.Split(',', StringSplitOptions.TrimEntries);
        var modes = Enum.GetValues<SegmentationMode>();
        foreach (string word in words)
        {
            if (!modes.Any(mode => ModeOption.Word(mode) == word))
                throw new UsageException($"--mode names '{word}'; it may name {string.Join(", ", modes.Select(ModeOption.Word))}");
        }
        return words.Distinct().Count() == words.Length
            ? [.. words.Select(word => modes.First(mode => ModeOption.Word(mode) == word))]
            : throw new UsageException($"--mode is '{text}'; it may name each mode once");
    }
}
