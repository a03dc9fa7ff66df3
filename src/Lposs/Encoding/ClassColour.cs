using System.Globalization;

namespace Lposs.Encoding;

/// <summary>The colour that a class has in palettes and overlays, sRGB.</summary>
/// <param name="Red">0 to 255.</param>
/// <param name="Green">0 to 255.</param>
/// <param name="Blue">0 to 255.</param>
public readonly record struct ClassColour(byte Red, byte Green, byte Blue)
{
    /// <summary>
    /// The colour of a class that was given none: hues a golden angle apart, so that neighbours in the list differ,
    /// in three strengths.
    /// </summary>
    /// <param name="index">The place of the class in its list.</param>
    public static ClassColour Default(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        double hue = index * 0.618033988749895 % 1 * 6;
        (double saturation, double value) = (index % 3) switch { 0 => (0.75, 0.95), 1 => (0.55, 0.75), _ => (0.9, 0.6) };
        byte Channel(double offset)
        {
            double position = (offset + hue) % 6;
            double share = Math.Clamp(Math.Min(position, 4 - position), 0, 1);
            return (byte)Math.Round(255 * value * (1 - saturation * share));
        }
        return new ClassColour(Channel(5), Channel(3), Channel(1));
    }

    /// <summary>Reads "#rrggbb".</summary>
    public static bool TryParse(string text, out ClassColour colour)
    {
        ArgumentNullException.ThrowIfNull(text);
        colour = default;
        if (text.Length != 7 || text[0] != '#' || !text.AsSpan(1).ToString().All(char.IsAsciiHexDigit))
            return false;
        byte[] rgb = Convert.FromHexString(text.AsSpan(1));
        colour = new ClassColour(rgb[0], rgb[1], rgb[2]);
        return true;
    }

    /// <summary>"#rrggbb".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"#{Red:x2}{Green:x2}{Blue:x2}");
}
