using Lposs.Cli.Options;
using Lposs.Encoding;
using Lposs.Models;
using Lposs.Segmentation;

namespace Lposs.Cli.Output;

/// <summary>What <c>lposs segment --json</c> prints.</summary>
/// <param name="Command">"segment".</param>
/// <param name="Model">The model bundle.</param>
/// <param name="Mode">"vlm", "lposs" or "lposs+".</param>
/// <param name="Device">What the run really computed on.</param>
/// <param name="Parameters">What it computed with: the model's own parameters with those of the command line.</param>
/// <param name="ClassFile">The class file that was written; left out where no picture could be done.</param>
/// <param name="Classes">The classes, in order.</param>
/// <param name="Pictures">In the order of the command line, the failed ones included.</param>
/// <param name="Failed">Pictures that could not be done.</param>
/// <param name="Warnings">What the user should know of the whole run.</param>
internal sealed record SegmentDocument(
    string Command,
    UsedModelDocument Model,
    string Mode,
    UsedDeviceDocument Device,
    ParametersDocument Parameters,
    string? ClassFile,
    IReadOnlyList<ClassDocument> Classes,
    IReadOnlyList<SegmentedPictureDocument> Pictures,
    int Failed,
    IReadOnlyList<string> Warnings);

/// <param name="Name">The bundle's name.</param>
/// <param name="Folder">Where it is.</param>
/// <param name="Templates">The sentences that prompts were put into.</param>
/// <param name="Vm">Whose features the patch graph compared: "model", the vision model's, or "vlm".</param>
internal sealed record UsedModelDocument(string Name, string Folder, IReadOnlyList<string> Templates, string Vm)
{
    public static UsedModelDocument Of(ModelBundle bundle, AppearanceFeatures appearance) =>
        new(bundle.Name, bundle.Folder, bundle.Text.Templates, ModelOptions.Word(appearance));
}

/// <param name="Id">The value in label maps.</param>
/// <param name="Name">The name.</param>
/// <param name="Prompts">What the text encoder was asked for.</param>
/// <param name="Colour">"#rrggbb".</param>
internal sealed record ClassDocument(int Id, string Name, IReadOnlyList<string> Prompts, string Colour)
{
    public static ClassDocument Of(SegmentationClass c) => new(c.Id, c.Name, c.Prompts, c.Colour.ToString());
}

/// <param name="Image">As the user named it.</param>
/// <param name="Error">Why it could not be done; what follows is left out then.</param>
/// <param name="Width">Of picture and label map, in pixels.</param>
/// <param name="Height">Of picture and label map, in pixels.</param>
/// <param name="Outputs">The files, by what they are.</param>
/// <param name="Shares">By class id: its share of the pixels, 0 to 1.</param>
/// <param name="Milliseconds">By stage, with the total.</param>
/// <param name="Solves">How the solves went.</param>
internal sealed record SegmentedPictureDocument(
    string Image,
    string? Error = null,
    int? Width = null,
    int? Height = null,
    IReadOnlyDictionary<string, string>? Outputs = null,
    IReadOnlyDictionary<int, double>? Shares = null,
    IReadOnlyDictionary<string, double>? Milliseconds = null,
    SolvesDocument? Solves = null);
