using System.Globalization;

namespace Lposs;

/// <summary>
/// A colour for every label from 0 to 65535: the caller's own for the first ones, the Pascal VOC colour map, the
/// field's standard, for all others. Immutable.
/// </summary>
public sealed class Palette
{
    private readonly RgbColour[] _own;
    private readonly int _shift;

    private Palette(RgbColour[] own, int shift)
    {
        _own = own;
        _shift = shift;
    }

    /// <summary>A palette with colours of the caller's own.</summary>
    /// <param name="colours">The colours of the labels 0, 1, ...; at most 65536. Labels after them have the colour of
    /// <see cref="Voc"/>.</param>
    /// <exception cref="ArgumentException">There are more than 65536 colours.</exception>
    public Palette(IEnumerable<RgbColour> colours)
        : this([.. colours], 0)
    {
        if (_own.Length > ushort.MaxValue + 1)
            throw new ArgumentException(
                $"colours holds {_own.Length} colours; it may hold 65536 at most.",
                nameof(colours)
            );
    }

    /// <summary>The Pascal VOC colour map: label 0, the background, is black, 255 is the map's "void".</summary>
    public static Palette Voc { get; } = new([], 0);

    /// <summary>The Pascal VOC colour map without its background: label i has the map's colour i + 1, so that label 0
    /// is
    /// an ordinary class with a visible colour.</summary>
    public static Palette VocWithoutBackground { get; } = new([], 1);

    /// <summary>The colour of a label.</summary>
    /// <param name="label">0 to 65535.</param>
    public RgbColour this[ushort label] => label < _own.Length ? _own[label] : VocColour(label + _shift);

    // PASCAL VOC development kit, VOClabelcolormap: from the lowest bits up, each three bits of the label give the next
    // lower bit of red, green and blue.
    private static RgbColour VocColour(int label)
    {
        int red = 0,
            green = 0,
            blue = 0;
        for (int bit = 7; bit >= 0; bit--, label >>= 3)
        {
            red |= (label & 1) << bit;
            green |= ((label >> 1) & 1) << bit;
            blue |= ((label >> 2) & 1) << bit;
        }
        return new RgbColour((byte)red, (byte)green, (byte)blue);
    }
}

/// <summary>An sRGB colour, 8 bits a channel.</summary>
/// <param name="R">Red, 0 to 255.</param>
/// <param name="G">Green, 0 to 255.</param>
/// <param name="B">Blue, 0 to 255.</param>
public readonly record struct RgbColour(byte R, byte G, byte B)
{
    /// <summary>
    /// The colour of a class that was given none: hues a golden angle apart, so that neighbours in the list differ,
    /// in three strengths.
    /// </summary>
    /// <param name="index">The place of the class in its list.</param>
    public static RgbColour Default(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        double hue = index * 0.618033988749895 % 1 * 6;
        (double saturation, double value) = (index % 3) switch
        {
            0 => (0.75, 0.95),
            1 => (0.55, 0.75),
            _ => (0.9, 0.6),
        };
        byte Channel(double offset)
        {
            double position = (offset + hue) % 6;
            double share = Math.Clamp(Math.Min(position, 4 - position), 0, 1);
            return (byte)Math.Round(255 * value * (1 - saturation * share));
        }
        return new RgbColour(Channel(5), Channel(3), Channel(1));
    }

    /// <summary>Reads a colour written as <c>#rrggbb</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="colour">The colour; black if the text is none.</param>
    /// <returns>Whether <paramref name="text"/> is <c>#</c> and six hexadecimal digits.</returns>
    public static bool TryParse(string? text, out RgbColour colour)
    {
        colour = default;
        if (
            text is not { Length: 7 }
            || text[0] != '#'
            || !int.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int rgb)
        )
            return false;
        colour = new RgbColour((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb);
        return true;
    }

    /// <summary>The colour as <c>#rrggbb</c>.</summary>
    public override string ToString() => $"#{R:x2}{G:x2}{B:x2}";
}
