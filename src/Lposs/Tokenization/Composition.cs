using System.Text;

namespace Lposs.Tokenization;

/// <summary>
/// Joins a letter and the accents that follow it to the one character that Unicode has for them (NFC), for the
/// Latin, Greek and Cyrillic letters of U+00C0 to U+024F, U+0370 to U+04FF and U+1E00 to U+1EFF. The runtime's own
/// normalisation needs ICU, which the program runs without. Accents are taken in the order they stand in.
/// </summary>
internal static class Composition
{
    /// <summary>Per accent: letter, composed letter, letter, composed letter, ...</summary>
    private static readonly Dictionary<char, string> s_byAccent = new()
    {
        ['\u0300'] =
            "A\u00C0E\u00C8I\u00CCO\u00D2U\u00D9a\u00E0e\u00E8i\u00ECo\u00F2u\u00F9"
            + "\u00DC\u01DB\u00FC\u01DCN\u01F8n\u01F9\u0415\u0400"
            + "\u0418\u040D\u0435\u0450\u0438\u045D\u0112\u1E14\u0113\u1E15"
            + "\u014C\u1E50\u014D\u1E51W\u1E80w\u1E81\u00C2\u1EA6"
            + "\u00E2\u1EA7\u0102\u1EB0\u0103\u1EB1\u00CA\u1EC0\u00EA\u1EC1"
            + "\u00D4\u1ED2\u00F4\u1ED3\u01A0\u1EDC\u01A1\u1EDD\u01AF\u1EEA\u01B0\u1EEBY\u1EF2y\u1EF3",
        ['\u0301'] =
            "A\u00C1E\u00C9I\u00CDO\u00D3U\u00DAY\u00DDa\u00E1e\u00E9i\u00EDo\u00F3"
            + "u\u00FAy\u00FDC\u0106c\u0107L\u0139l\u013AN\u0143n\u0144R\u0154r\u0155"
            + "S\u015As\u015BZ\u0179z\u017A\u00DC\u01D7\u00FC\u01D8G\u01F4g\u01F5\u00C5\u01FA\u00E5\u01FB"
            + "\u00C6\u01FC\u00E6\u01FD\u00D8\u01FE\u00F8\u01FF\u00A8\u0385"
            + "\u0391\u0386\u0395\u0388\u0397\u0389\u0399\u038A\u039F\u038C"
            + "\u03A5\u038E\u03A9\u038F\u03CA\u0390\u03B1\u03AC\u03B5\u03AD"
            + "\u03B7\u03AE\u03B9\u03AF\u03CB\u03B0\u03BF\u03CC\u03C5\u03CD"
            + "\u03C9\u03CE\u03D2\u03D3\u0413\u0403\u041A\u040C\u0433\u0453"
            + "\u043A\u045C\u00C7\u1E08\u00E7\u1E09\u0112\u1E16\u0113\u1E17"
            + "\u00CF\u1E2E\u00EF\u1E2FK\u1E30k\u1E31M\u1E3Em\u1E3F\u00D5\u1E4C\u00F5\u1E4D\u014C\u1E52\u014D\u1E53"
            + "P\u1E54p\u1E55\u0168\u1E78\u0169\u1E79W\u1E82w\u1E83\u00C2\u1EA4\u00E2\u1EA5\u0102\u1EAE\u0103\u1EAF"
            + "\u00CA\u1EBE\u00EA\u1EBF\u00D4\u1ED0\u00F4\u1ED1\u01A0\u1EDA\u01A1\u1EDB\u01AF\u1EE8\u01B0\u1EE9",
        ['\u0302'] =
            "A\u00C2E\u00CAI\u00CEO\u00D4U\u00DBa\u00E2e\u00EAi\u00EEo\u00F4u\u00FB"
            + "C\u0108c\u0109G\u011Cg\u011DH\u0124h\u0125J\u0134j\u0135S\u015Cs\u015D"
            + "W\u0174w\u0175Y\u0176y\u0177Z\u1E90z\u1E91\u1EA0\u1EAC\u1EA1\u1EAD\u1EB8\u1EC6\u1EB9\u1EC7"
            + "\u1ECC\u1ED8\u1ECD\u1ED9",
        ['\u0303'] =
            "A\u00C3N\u00D1O\u00D5a\u00E3n\u00F1o\u00F5I\u0128i\u0129U\u0168u\u0169"
            + "V\u1E7Cv\u1E7D\u00C2\u1EAA\u00E2\u1EAB\u0102\u1EB4\u0103\u1EB5E\u1EBCe\u1EBD\u00CA\u1EC4\u00EA\u1EC5"
            + "\u00D4\u1ED6\u00F4\u1ED7\u01A0\u1EE0\u01A1\u1EE1\u01AF\u1EEE\u01B0\u1EEFY\u1EF8y\u1EF9",
        ['\u0304'] =
            "A\u0100a\u0101E\u0112e\u0113I\u012Ai\u012BO\u014Co\u014DU\u016Au\u016B"
            + "\u00DC\u01D5\u00FC\u01D6\u00C4\u01DE\u00E4\u01DF\u0226\u01E0"
            + "\u0227\u01E1\u00C6\u01E2\u00E6\u01E3\u01EA\u01EC\u01EB\u01ED"
            + "\u00D6\u022A\u00F6\u022B\u00D5\u022C\u00F5\u022D\u022E\u0230"
            + "\u022F\u0231Y\u0232y\u0233\u0418\u04E2\u0438\u04E3"
            + "\u0423\u04EE\u0443\u04EFG\u1E20g\u1E21\u1E36\u1E38\u1E37\u1E39\u1E5A\u1E5C\u1E5B\u1E5D",
        ['\u0306'] =
            "A\u0102a\u0103E\u0114e\u0115G\u011Eg\u011FI\u012Ci\u012DO\u014Eo\u014F"
            + "U\u016Cu\u016D\u0423\u040E\u0418\u0419\u0438\u0439"
            + "\u0443\u045E\u0416\u04C1\u0436\u04C2\u0410\u04D0\u0430\u04D1"
            + "\u0415\u04D6\u0435\u04D7\u0228\u1E1C\u0229\u1E1D\u1EA0\u1EB6\u1EA1\u1EB7",
        ['\u0307'] =
            "C\u010Ac\u010BE\u0116e\u0117G\u0120g\u0121I\u0130Z\u017Bz\u017CA\u0226"
            + "a\u0227O\u022Eo\u022FB\u1E02b\u1E03D\u1E0Ad\u1E0BF\u1E1Ef\u1E1FH\u1E22"
            + "h\u1E23M\u1E40m\u1E41N\u1E44n\u1E45P\u1E56p\u1E57R\u1E58r\u1E59S\u1E60"
            + "s\u1E61\u015A\u1E64\u015B\u1E65\u0160\u1E66\u0161\u1E67\u1E62\u1E68\u1E63\u1E69T\u1E6At\u1E6BW\u1E86"
            + "w\u1E87X\u1E8Ax\u1E8BY\u1E8Ey\u1E8F\u017F\u1E9B",
        ['\u0308'] =
            "A\u00C4E\u00CBI\u00CFO\u00D6U\u00DCa\u00E4e\u00EBi\u00EFo\u00F6u\u00FC"
            + "y\u00FFY\u0178\u0399\u03AA\u03A5\u03AB\u03B9\u03CA"
            + "\u03C5\u03CB\u03D2\u03D4\u0415\u0401\u0406\u0407\u0435\u0451"
            + "\u0456\u0457\u0410\u04D2\u0430\u04D3\u04D8\u04DA\u04D9\u04DB"
            + "\u0416\u04DC\u0436\u04DD\u0417\u04DE\u0437\u04DF\u0418\u04E4"
            + "\u0438\u04E5\u041E\u04E6\u043E\u04E7\u04E8\u04EA\u04E9\u04EB"
            + "\u042D\u04EC\u044D\u04ED\u0423\u04F0\u0443\u04F1\u0427\u04F4"
            + "\u0447\u04F5\u042B\u04F8\u044B\u04F9H\u1E26h\u1E27"
            + "\u00D5\u1E4E\u00F5\u1E4F\u016A\u1E7A\u016B\u1E7BW\u1E84"
            + "w\u1E85X\u1E8Cx\u1E8Dt\u1E97",
        ['\u0309'] =
            "A\u1EA2a\u1EA3\u00C2\u1EA8\u00E2\u1EA9\u0102\u1EB2\u0103\u1EB3E\u1EBAe\u1EBB\u00CA\u1EC2\u00EA\u1EC3"
            + "I\u1EC8i\u1EC9O\u1ECEo\u1ECF\u00D4\u1ED4\u00F4\u1ED5\u01A0\u1EDE\u01A1\u1EDFU\u1EE6u\u1EE7"
            + "\u01AF\u1EEC\u01B0\u1EEDY\u1EF6y\u1EF7",
        ['\u030A'] = "A\u00C5a\u00E5U\u016Eu\u016Fw\u1E98y\u1E99",
        ['\u030B'] = "O\u0150o\u0151U\u0170u\u0171\u0423\u04F2\u0443\u04F3",
        ['\u030C'] =
            "C\u010Cc\u010DD\u010Ed\u010FE\u011Ae\u011BL\u013Dl\u013EN\u0147n\u0148"
            + "R\u0158r\u0159S\u0160s\u0161T\u0164t\u0165Z\u017Dz\u017EA\u01CDa\u01CE"
            + "I\u01CFi\u01D0O\u01D1o\u01D2U\u01D3u\u01D4\u00DC\u01D9\u00FC\u01DAG\u01E6g\u01E7"
            + "K\u01E8k\u01E9\u01B7\u01EE\u0292\u01EFj\u01F0H\u021Eh\u021F",
        ['\u030F'] =
            "A\u0200a\u0201E\u0204e\u0205I\u0208i\u0209O\u020Co\u020DR\u0210r\u0211"
            + "U\u0214u\u0215\u0474\u0476\u0475\u0477",
        ['\u0311'] = "A\u0202a\u0203E\u0206e\u0207I\u020Ai\u020BO\u020Eo\u020FR\u0212r\u0213" + "U\u0216u\u0217",
        ['\u031B'] = "O\u01A0o\u01A1U\u01AFu\u01B0",
        ['\u0323'] =
            "B\u1E04b\u1E05D\u1E0Cd\u1E0DH\u1E24h\u1E25K\u1E32k\u1E33L\u1E36l\u1E37"
            + "M\u1E42m\u1E43N\u1E46n\u1E47R\u1E5Ar\u1E5BS\u1E62s\u1E63T\u1E6Ct\u1E6D"
            + "V\u1E7Ev\u1E7FW\u1E88w\u1E89Z\u1E92z\u1E93A\u1EA0a\u1EA1E\u1EB8e\u1EB9"
            + "I\u1ECAi\u1ECBO\u1ECCo\u1ECD\u01A0\u1EE2\u01A1\u1EE3U\u1EE4u\u1EE5\u01AF\u1EF0\u01B0\u1EF1"
            + "Y\u1EF4y\u1EF5",
        ['\u0324'] = "U\u1E72u\u1E73",
        ['\u0325'] = "A\u1E00a\u1E01",
        ['\u0326'] = "S\u0218s\u0219T\u021At\u021B",
        ['\u0327'] =
            "C\u00C7c\u00E7G\u0122g\u0123K\u0136k\u0137L\u013Bl\u013CN\u0145n\u0146"
            + "R\u0156r\u0157S\u015Es\u015FT\u0162t\u0163E\u0228e\u0229D\u1E10d\u1E11"
            + "H\u1E28h\u1E29",
        ['\u0328'] = "A\u0104a\u0105E\u0118e\u0119I\u012Ei\u012FU\u0172u\u0173O\u01EAo\u01EB",
        ['\u032D'] = "D\u1E12d\u1E13E\u1E18e\u1E19L\u1E3Cl\u1E3DN\u1E4An\u1E4BT\u1E70t\u1E71" + "U\u1E76u\u1E77",
        ['\u032E'] = "H\u1E2Ah\u1E2B",
        ['\u0330'] = "E\u1E1Ae\u1E1BI\u1E2Ci\u1E2DU\u1E74u\u1E75",
        ['\u0331'] =
            "B\u1E06b\u1E07D\u1E0Ed\u1E0FK\u1E34k\u1E35L\u1E3Al\u1E3BN\u1E48n\u1E49"
            + "R\u1E5Er\u1E5FT\u1E6Et\u1E6FZ\u1E94z\u1E95h\u1E96",
    };

    /// <summary>The text with every pair that has a character of its own joined.</summary>
    public static string Compose(string text)
    {
        var composed = new StringBuilder(text.Length);
        foreach (char character in text)
        {
            if (composed.Length > 0 && Joined(composed[^1], character) is { } joined)
                composed[^1] = joined;
            else
                composed.Append(character);
        }
        return composed.ToString();
    }

    private static char? Joined(char letter, char accent)
    {
        if (!s_byAccent.TryGetValue(accent, out string? pairs))
            return null;
        for (int i = 0; i < pairs.Length; i += 2)
        {
            if (pairs[i] == letter)
                return pairs[i + 1];
        }
        return null;
    }
}
