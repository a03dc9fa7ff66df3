using System.CommandLine;
using Lposs.Arrays;
using Lposs.Cli.Files;
using Lposs.Imaging;
using Lposs.Segmentation;

namespace Lposs.Cli.Options;

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

    private readonly Option<PixelSize?> _size = SizeOption.Create(
        "--size", "Size of the results in pixels, height first. [default: that of the picture]");

    public void AddTo(Command command)
    {
        command.Add(_labels);
        command.Add(_scores);
        command.Add(_size);
    }

    /// <exception cref="UsageException">There is no result, or one would replace an input or the other.</exception>
    public ResultTargets Read(ParseResult parse, params string?[] inputs)
    {
        var targets = new ResultTargets(parse.GetValue(_labels), parse.GetValue(_scores), parse.GetValue(_size));
        ResultFiles.Check(inputs, (_labels.Name, targets.Labels), (_scores.Name, targets.Scores));
        return targets;
    }
}

/// <summary>The files that a run is to write; null for one that is not wanted.</summary>
/// <param name="Labels">A label PNG.</param>
/// <param name="Scores">An array.</param>
/// <param name="Size">The size of both; null for that of the picture.</param>
internal sealed record ResultTargets(string? Labels, string? Scores, PixelSize? Size)
{
    /// <summary>The files by what they are.</summary>
    public IReadOnlyDictionary<string, string> Paths => new[] { ("labels", Labels), ("scores", Scores) }
        .Where(target => target.Item2 is not null)
        .ToDictionary(target => target.Item1, target => target.Item2!);

    /// <summary>Writes what is wanted, each file whole.</summary>
    public void Write(PropagationResult result, CancellationToken cancellation)
    {
        if (Labels is not null)
            LabelPng.Write(Labels, result.Labels, ResultFiles.Palette);
        cancellation.ThrowIfCancellationRequested();
        if (Scores is not null)
            NpyFile.Write(Scores, result.Scores!);
    }
}
