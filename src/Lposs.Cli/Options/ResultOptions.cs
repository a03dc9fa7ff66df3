using System.CommandLine;
using Lposs.Cli.Files;

namespace Lposs.Cli.Options;

/// <summary>The files that a run is to write; null for one that is not wanted.</summary>
internal sealed record ResultPaths(string? Labels, string? Scores);

/// <summary>Where <c>propagate</c> and <c>refine</c> put their results.</summary>
internal sealed class ResultOptions
{
    private readonly Option<string?> _labels = new("--labels-out")
    {
        Description = "Write the label map: an indexed PNG whose values are the classes (16-bit gray if one is above 255).",
        HelpName = "FILE.png",
    };

    private readonly Option<string?> _scores = new("--scores-out")
    {
        Description = "Write the scores: float32 [height, width, classes].",
        HelpName = "FILE.npy",
    };

    public void AddTo(Command command)
    {
        command.Add(_labels);
        command.Add(_scores);
    }

    /// <exception cref="UsageException">There is no result, or one would replace an input or the other.</exception>
    public ResultPaths Read(ParseResult parse, params string?[] inputs)
    {
        var paths = new ResultPaths(parse.GetValue(_labels), parse.GetValue(_scores));
        ResultFiles.Check(inputs, (_labels.Name, paths.Labels), (_scores.Name, paths.Scores));
        return paths;
    }
}
