namespace Lposs.Cli.Output;

/// <summary>What <c>lposs refine --json</c> prints.</summary>
/// <param name="Command">"refine".</param>
/// <param name="Image">The picture.</param>
/// <param name="Source">The scores or labels that were refined.</param>
/// <param name="Classes">Classes that were solved for.</param>
/// <param name="ColumnLabels">The label of each class, which is a column of the scores.</param>
/// <param name="Height">Of the results, in pixels.</param>
/// <param name="Width">Of the results, in pixels.</param>
/// <param name="Device">What the run really computed on.</param>
/// <param name="PixelGraph">What it computed with.</param>
/// <param name="PixelSolver">What it computed with.</param>
/// <param name="Outputs">The files, by what they are.</param>
/// <param name="Milliseconds">By stage, with the total.</param>
/// <param name="Solves">How the solve went.</param>
/// <param name="Warnings">What the user should know.</param>
internal sealed record RefineDocument(
    string Command,
    string Image,
    string Source,
    int Classes,
    IReadOnlyList<int> ColumnLabels,
    int Height,
    int Width,
    UsedDeviceDocument Device,
    PixelGraphDocument PixelGraph,
    SolverDocument PixelSolver,
    IReadOnlyDictionary<string, string> Outputs,
    IReadOnlyDictionary<string, double> Milliseconds,
    SolvesDocument Solves,
    IReadOnlyList<string> Warnings);
