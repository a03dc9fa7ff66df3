using Lposs.Encoding;
using Lposs.Imaging;

namespace Lposs.Formats;

/// <summary>The formats by name.</summary>
public static class ResultFormats
{
    private static readonly Dictionary<string, Func<Palette, IResultFormat>> s_byName = new()
    {
        ["labels"] = palette => new LabelsFormat(palette),
        ["overlay"] = palette => new OverlayFormat(palette),
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
            ? create(PaletteOf(classes))
            : throw new ArgumentException($"there is no format '{name}'; there are {string.Join(", ", Names)}.", nameof(name));
    }

    private static Palette PaletteOf(ClassList classes)
    {
        var colours = new RgbColour[classes.Classes.Max(c => c.Id) + 1];
        foreach (var c in classes.Classes)
            colours[c.Id] = new RgbColour(c.Colour.Red, c.Colour.Green, c.Colour.Blue);
        return new Palette(colours);
    }
}
