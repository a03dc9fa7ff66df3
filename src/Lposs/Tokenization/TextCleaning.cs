using System.Text;

namespace Lposs.Tokenization;

/// <summary>
/// What CLIP's tokenizer does to a text before it splits it. Done here, in this order: UTF-8 that was read as Latin-1
/// or
/// Windows-1252 is read again, where the whole text is such a one; curly quotes become straight; Latin ligatures and
/// full-width ASCII become the plain characters; control characters and byte order marks go; letters and their
/// accents are composed (see <see cref="Composition"/>); HTML entities are resolved twice; white space runs become one
/// space, none at the ends;
/// lower case. Not done: mojibake in a part of a text or of another code page, half-width
/// Katakana and Hangul, NFC of other scripts, terminal escapes, entities that are
/// new in HTML 5, and the Greek sigma at the end of a word, whose lower case stays the medial one.
/// </summary>
internal static class TextCleaning
{
    private const int MostMisreadings = 4;
    private const int FullWidthFirst = 0xFF01;
    private const int FullWidthLast = 0xFF5E;

    /// <summary>What Windows-1252 has at 0x80 to 0x9F; where it has nothing, the control character of
    /// Latin-1.</summary>
    internal const string Windows1252 =
        "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F"
        + "\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";

    private static readonly UTF8Encoding s_strictUtf8 = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    private static readonly Dictionary<int, string> s_ligatures = new()
    {
        [0x132] = "IJ",
        [0x133] = "ij",
        [0x149] = "\u02BCn",
        [0x1C4] = "D\u017D",
        [0x1C5] = "D\u017E",
        [0x1C6] = "d\u017E",
        [0x1C7] = "LJ",
        [0x1C8] = "Lj",
        [0x1C9] = "lj",
        [0x1CA] = "NJ",
        [0x1CB] = "Nj",
        [0x1CC] = "nj",
        [0x1F1] = "DZ",
        [0x1F2] = "Dz",
        [0x1F3] = "dz",
        [0xFB00] = "ff",
        [0xFB01] = "fi",
        [0xFB02] = "fl",
        [0xFB03] = "ffi",
        [0xFB04] = "ffl",
        [0xFB05] = "\u017Ft",
        [0xFB06] = "st",
    };

    /// <summary>The cleaned text; any text is taken, halves of surrogate pairs become U+FFFD.</summary>
    public static string Clean(string text)
    {
        string plain = Composition.Compose(PlainCharacters(ReadAgain(text)));
        string resolved = CharacterReferences.Resolve(CharacterReferences.Resolve(plain));
        string spaced = string.Join(' ', resolved.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        // The one letter whose lower case is two characters, which the runtime leaves as it is.
        return spaced.Replace("\u0130", "i\u0307", StringComparison.Ordinal).ToLowerInvariant();
    }

    /// <summary>A text all of whose characters are bytes of a single-byte code page that make valid UTF-8, as this
    /// UTF-8.</summary>
    private static string ReadAgain(string text)
    {
        for (int reading = 0; reading < MostMisreadings && !Ascii.IsValid(text); reading++)
        {
            if (Bytes(text) is not { } bytes)
                return text;
            try
            {
                text = s_strictUtf8.GetString(bytes);
            }
            catch (DecoderFallbackException)
            {
                return text; // No UTF-8, so it was read as what it is.
            }
        }
        return text;
    }

    private static byte[]? Bytes(string text)
    {
        byte[] bytes = new byte[text.Length];
        for (int i = 0; i < text.Length; i++)
        {
            int place = Windows1252.IndexOf(text[i], StringComparison.Ordinal);
            int value = place >= 0 ? 0x80 + place : text[i];
            if (value > 0xFF)
                return null;
            bytes[i] = (byte)value;
        }
        return bytes;
    }

    private static string PlainCharacters(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsControl(rune.Value))
                continue;
            plain.Append(
                rune.Value switch
                {
                    0x2BC or (>= 0x2018 and <= 0x201B) => "'",
                    >= 0x201C and <= 0x201F => "\"",
                    0x3000 => " ",
                    >= FullWidthFirst and <= FullWidthLast => ((char)(rune.Value - FullWidthFirst + '!')).ToString(),
                    _ => s_ligatures.GetValueOrDefault(rune.Value) ?? rune.ToString(),
                }
            );
        }
        return plain.ToString();
    }

    private static bool IsControl(int value) =>
        value
            is (>= 0 and <= 0x08)
                or 0x0B
                or (>= 0x0E and <= 0x1F)
                or 0x7F
                or (>= 0x206A and <= 0x206F)
                or 0xFEFF
                or (>= 0xFFF9 and <= 0xFFFC);
}
