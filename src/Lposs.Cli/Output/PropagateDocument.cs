namespace Lposs.Cli.Output;

/// <summary>What <c>lposs propagate --json</c> prints.</summary>
/// <param name="Command">"propagate".</param>
/// <param name="Image">The picture.</param>
/// <param name="Mode">"lposs" or "lposs+".</param>
/// <param name="Prompts">Rows of the text embeddings.</param>
/// <param name="Classes">Classes that the prompts name.</param>
/// <param name="Height">Of the results, in pixels.</param>
/// <param name="Width">Of the results, in pixels.</param>
/// <param name="Device">What the run really computed on.</param>
/// <param name="Parameters">What it computed with.</param>
/// <param name="Outputs">The files, by what they are.</param>
/// <param name="Milliseconds">By stage, with the total.</param>
/// <param name="Solves">How the solves went.</param>
/// <param name="Warnings">What the user should know.</param>
internal sealed record PropagateDocument(
    string Command,
    string Image,
    string Mode,
    int Prompts,
    int Classes,
    int Height,
    int Width,
    UsedDeviceDocument Device,
    ParametersDocument Parameters,
    IReadOnlyDictionary<string, string> Outputs,
    IReadOnlyDictionary<string, double> Milliseconds,
    SolvesDocument Solves,
    IReadOnlyList<string> Warnings);
