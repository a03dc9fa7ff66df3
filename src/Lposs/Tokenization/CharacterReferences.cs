using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Lposs.Tokenization;

/// <summary>
/// HTML's character references, resolved as HTML 5 says and Python's html.unescape does: numbers with their exceptions,
/// and names, of which the old ones count without a semicolon too and within a longer word. Not known are the names
/// that
/// are new in HTML 5; such a reference stays as it is.
/// </summary>
internal static partial class CharacterReferences
{
    private const int LastCodePoint = 0x10FFFF;
    private const string Replacement = "\uFFFD";

    /// <summary>The capital spellings that browsers always took.</summary>
    private static readonly Dictionary<string, string> s_capitals = new()
    {
        ["AMP"] = "&",
        ["LT"] = "<",
        ["GT"] = ">",
        ["QUOT"] = "\"",
        ["COPY"] = "\u00A9",
        ["REG"] = "\u00AE",
    };

    /// <summary>The text with its references resolved once.</summary>
    public static string Resolve(string text) =>
        text.Contains('&', StringComparison.Ordinal)
            ? Reference().Replace(text, match => Resolve(match, match.Groups[1].Value))
            : text;

    private static string Resolve(Match match, string reference)
    {
        if (reference[0] == '#')
            return OfNumber(reference.TrimEnd(';'));
        if (reference[^1] == ';')
            return OfName(reference[..^1]) ?? match.Value;
        for (int length = reference.Length; length >= 2; length--)
        {
            if (OfName(reference[..length]) is { } value && IsOld(value))
                return value + reference[length..];
        }
        return match.Value;
    }

    private static string? OfName(string name)
    {
        if (s_capitals.TryGetValue(name, out string? capital))
            return capital;
        string resolved = WebUtility.HtmlDecode($"&{name};");
        return resolved.StartsWith('&') && resolved.Length > 1 ? null : resolved;
    }

    /// <summary>Whether a character's name is one of HTML 2 and 3, which stand without a semicolon: Latin-1 and
    /// markup.</summary>
    private static bool IsOld(string value) => value is "&" or "<" or ">" or "\"" or [>= '\u00A0' and <= '\u00FF'];

    private static string OfNumber(string reference)
    {
        bool isHexadecimal = reference[1] is 'x' or 'X';
        string digits = (isHexadecimal ? reference[2..] : reference[1..]).TrimStart('0');
        // More digits than any code point has are one that is none.
        int value =
            digits.Length > 7 ? int.MaxValue
            : digits.Length == 0 ? 0
            : int.Parse(
                digits,
                isHexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None,
                CultureInfo.InvariantCulture
            );
        return value switch
        {
            0 or (>= 0xD800 and <= 0xDFFF) or > LastCodePoint => Replacement,
            0x0D => "\r",
            >= 0x80 and <= 0x9F => TextCleaning.Windows1252[value - 0x80].ToString(),
            (>= 0x01 and <= 0x08) or 0x0B or (>= 0x0E and <= 0x1F) or 0x7F or (>= 0xFDD0 and <= 0xFDEF) => "",
            _ => (value & 0xFFFE) == 0xFFFE ? "" : new Rune(value).ToString(),
        };
    }

    [GeneratedRegex("&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\\t\\n\\f <&#;]{1,32};?)", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
