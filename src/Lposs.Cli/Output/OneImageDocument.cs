using Lposs.Cli.Options;

namespace Lposs.Cli.Output;

/// <summary>What <c>lposs propagate --json</c> and <c>lposs refine --json</c> print.</summary>
/// <param name="Command">"propagate" or "refine".</param>
/// <param name="Image">The image.</param>
/// <param name="Source">The scores or labels that were refined; of refine alone.</param>
/// <param name="Mode">"vlm", "lposs" or "lposs+"; of propagate alone.</param>
/// <param name="Prompts">Rows of the text embeddings; of propagate alone.</param>
/// <param name="Classes">Classes of the result.</param>
/// <param name="ColumnLabels">The label of each class, which is a column of the scores.</param>
/// <param name="Height">Of the results, in pixels.</param>
/// <param name="Width">Of the results, in pixels.</param>
/// <param name="Device">What was really computed on.</param>
/// <param name="Parameters">What was computed with.</param>
/// <param name="Outputs">The files, by their formats.</param>
/// <param name="Collection">Files of formats that are made for a whole collection.</param>
/// <param name="Milliseconds">By stage, with the total.</param>
/// <param name="Solves">How the solves went.</param>
/// <param name="Warnings">What the user should know.</param>
internal sealed record OneImageDocument(
    string Command,
    string Image,
    string? Source,
    string? Mode,
    int? Prompts,
    int Classes,
    IReadOnlyList<int> ColumnLabels,
    int Height,
    int Width,
    UsedDeviceDocument Device,
    ParametersDocument Parameters,
    IReadOnlyDictionary<string, string> Outputs,
    IReadOnlyList<string> Collection,
    IReadOnlyDictionary<string, double> Milliseconds,
    SolvesDocument Solves,
    IReadOnlyList<string> Warnings
)
{
    /// <summary>The same for people.</summary>
    public IEnumerable<ResultTable> Tables(bool isVerbose)
    {
        var table = new ResultTable(Source ?? Image, "", "");
        if (Source is not null)
            table.Add("image", Image);
        if (Mode is not null)
            table.Add("mode", Mode);
        table
            .Add("classes", Prompts is null || Prompts == Classes ? $"{Classes}" : $"{Classes} of {Prompts} prompts")
            .Add("size", $"{Height} x {Width} (height x width)")
            .Add("device", Device.Text(isVerbose));
        foreach (var (what, path) in Outputs)
            table.Add(what, path);
        foreach (string path in Collection)
            table.Add("", path);
        yield return table;
        yield return StageTimes.Table("Time", Milliseconds);
    }
}
