namespace Lposs.Imaging;

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
            throw new ArgumentException($"colours holds {_own.Length} colours; it may hold 65536 at most.", nameof(colours));
    }

    /// <summary>The Pascal VOC colour map: label 0, the background, is black, 255 is the map's "void".</summary>
    public static Palette Voc { get; } = new([], 0);

    /// <summary>The Pascal VOC colour map without its background: label i has the map's colour i + 1, so that label 0 is
    /// an ordinary class with a visible colour.</summary>
    public static Palette VocWithoutBackground { get; } = new([], 1);

    /// <summary>The colour of a label.</summary>
    /// <param name="label">0 to 65535.</param>
    public RgbColour this[ushort label] => label < _own.Length ? _own[label] : VocColour(label + _shift);

    // PASCAL VOC development kit, VOClabelcolormap: from the lowest bits up, each three bits of the label give the next
    // lower bit of red, green and blue.
    private static RgbColour VocColour(int label)
    {
        int red = 0, green = 0, blue = 0;
        for (int bit = 7; bit >= 0; bit--, label >>= 3)
        {
            red |= (label & 1) << bit;
            green |= ((label >> 1) & 1) << bit;
            blue |= ((label >> 2) & 1) << bit;
        }
        return new RgbColour((byte)red, (byte)green, (byte)blue);
    }
}
