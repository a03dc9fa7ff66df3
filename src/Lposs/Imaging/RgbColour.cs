using System.Globalization;

namespace Lposs.Imaging;

/// <summary>An sRGB colour, 8 bits a channel.</summary>
/// <param name="R">Red, 0 to 255.</param>
/// <param name="G">Green, 0 to 255.</param>
/// <param name="B">Blue, 0 to 255.</param>
public readonly record struct RgbColour(byte R, byte G, byte B)
{
    /// <summary>Reads a colour written as <c>#rrggbb</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="colour">The colour; black if the text is none.</param>
    /// <returns>Whether <paramref name="text"/> is <c>#</c> and six hexadecimal digits.</returns>
    public static bool TryParse(string? text, out RgbColour colour)
    {
        colour = default;
        if (text is not { Length: 7 } || text[0] != '#'
            || !int.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int rgb))
            return false;
        colour = new RgbColour((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb);
        return true;
    }

    /// <summary>The colour as <c>#rrggbb</c>.</summary>
    public override string ToString() => $"#{R:x2}{G:x2}{B:x2}";
}
