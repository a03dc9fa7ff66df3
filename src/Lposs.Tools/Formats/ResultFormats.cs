namespace Lposs.Tools.Formats;

/// <summary>The formats by name.</summary>
public static class ResultFormats
{
    private static readonly Dictionary<string, Func<ClassList, IResultFormat>> s_byName = new()
    {
        ["labels"] = classes => new LabelsFormat(PaletteOf(classes)),
        ["labels-gray"] = classes => new GrayLabelsFormat(classes),
        ["overlay"] = classes => new OverlayFormat(PaletteOf(classes)),
        ["coco"] = _ => new CocoFormat(),
        ["panoptic"] = _ => new PanopticFormat(),
        ["cvat"] = classes => new CvatFormat(classes),
        ["yolo"] = classes => new YoloFormat(classes),
        ["webdataset"] = classes => new WebDatasetFormat(PaletteOf(classes)),
        ["scores"] = _ => new ScoresFormat("scores", half: false, zipped: false),
        ["scores16"] = _ => new ScoresFormat("scores16", half: true, zipped: false),
        ["npz"] = _ => new ScoresFormat("npz", half: false, zipped: true),
        ["npz16"] = _ => new ScoresFormat("npz16", half: true, zipped: true),
        ["confidence"] = _ => new ConfidenceFormat("confidence", 8),
        ["confidence16"] = _ => new ConfidenceFormat("confidence16", 16),
        ["confidence32"] = _ => new ConfidenceArrayFormat(),
    };

    /// <summary>Every name, the usual first.</summary>
    public static IReadOnlyList<string> Names => [.. s_byName.Keys];

    /// <summary>Makes a format.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="classes">The classes, whose colours it uses.</param>
    /// <exception cref="ArgumentException">There is no format of that name.</exception>
    public static IResultFormat Create(string name, ClassList classes)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(classes);
        return s_byName.TryGetValue(name, out var create)
            ? create(classes)
            : throw new ArgumentException(
                $"there is no format '{name}'; there are {string.Join(", ", Names)}.",
                nameof(name)
            );
    }

    private static Palette PaletteOf(ClassList classes)
    {
        var colours = new RgbColour[classes.Classes.Max(c => c.Id) + 1];
        foreach (var c in classes.Classes)
            colours[c.Id] = new RgbColour(c.Colour.R, c.Colour.G, c.Colour.B);
        return new Palette(colours);
    }
}
