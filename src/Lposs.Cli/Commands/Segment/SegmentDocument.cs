using Lposs.Cli.Output;

namespace Lposs.Cli.Commands.Segment;

/// <summary>What <c>lposs segment --json</c> prints.</summary>
/// <param name="Command">"segment".</param>
/// <param name="Model">The model bundle.</param>
/// <param name="Mode">"vlm", "lposs" or "lposs+".</param>
/// <param name="Device">What the run really computed on.</param>
/// <param name="Parameters">What it computed with: the model's own parameters with those of the command line.</param>
/// <param name="ClassFile">The class file that was written; left out where no image could be done.</param>
/// <param name="Classes">The classes, in order.</param>
/// <param name="Images">In the order of the command line, the failed ones included.</param>
/// <param name="Collection">Files of all images together.</param>
/// <param name="Failed">Images that could not be done.</param>
/// <param name="Warnings">What the user should know of the whole run.</param>
internal sealed record SegmentDocument(
    string Command,
    UsedModelDocument Model,
    string Mode,
    UsedDeviceDocument Device,
    ParametersDocument Parameters,
    string? ClassFile,
    IReadOnlyList<ClassDocument> Classes,
    IReadOnlyList<SegmentedImageDocument> Images,
    IReadOnlyList<string> Collection,
    int Failed,
    IReadOnlyList<string> Warnings
);

/// <param name="Image">As the user named it.</param>
/// <param name="Error">Why it could not be done; what follows is left out then.</param>
/// <param name="Width">Of image and label map, in pixels.</param>
/// <param name="Height">Of image and label map, in pixels.</param>
/// <param name="Outputs">The files, by what they are.</param>
/// <param name="Shares">By class id: its share of the pixels, 0 to 1.</param>
/// <param name="Milliseconds">By stage, with the total.</param>
/// <param name="Solves">How the solves went.</param>
/// <param name="Warnings">Sentences on this image.</param>
internal sealed record SegmentedImageDocument(
    string Image,
    string? Error = null,
    int? Width = null,
    int? Height = null,
    IReadOnlyDictionary<string, string>? Outputs = null,
    IReadOnlyDictionary<int, double>? Shares = null,
    IReadOnlyDictionary<string, double>? Milliseconds = null,
    SolvesDocument? Solves = null,
    IReadOnlyList<string>? Warnings = null
);
