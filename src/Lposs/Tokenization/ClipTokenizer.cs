using System.Globalization;
using System.Text;

namespace Lposs.Tokenization;

/// <summary>
/// CLIP's byte pairs. The text is cleaned (see <see cref="TextCleaning"/>) and split into the special tokens, the
/// English contractions, runs of letters, single number characters and runs of anything else but white space. The
/// UTF-8 bytes of a word are its first symbols; of the neighbours that the vocabulary merges, those of the earliest
/// merge are joined everywhere, until none is left. Immutable and thread-safe.
/// </summary>
internal sealed class ClipTokenizer
{
    private static readonly string[] s_contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    private readonly BytePairVocabulary _vocabulary;
    private readonly string _start;
    private readonly string _end;

    internal ClipTokenizer(BytePairVocabulary vocabulary, string start, string end) =>
        (_vocabulary, _start, _end) = (vocabulary, start, end);

    /// <summary>Reads either format of the vocabulary.</summary>
    /// <param name="spec">Of byte pairs.</param>
    /// <param name="pathOf">Where a file of the spec is.</param>
    /// <exception cref="LpossException">A file cannot be read, is cut, or is another one.</exception>
    public static ClipTokenizer Open(TokenizerSpec spec, Func<string, string> pathOf)
    {
        string PathOf(string file) => pathOf(spec.Files[file]);
        var vocabulary = spec.Files.ContainsKey(TokenizerSpec.BytePairs)
            ? BytePairVocabulary.ReadList(PathOf(TokenizerSpec.BytePairs), spec.Start, spec.End)
            : BytePairVocabulary.ReadPair(
                PathOf(TokenizerSpec.Vocabulary),
                PathOf(TokenizerSpec.Merges),
                spec.Start,
                spec.End
            );
        return new ClipTokenizer(vocabulary, spec.Start, spec.End);
    }

    /// <summary>The ids of a text, start and end token included, neither padded nor cut.</summary>
    public IReadOnlyList<long> Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string clean = TextCleaning.Clean(text);
        var ids = new List<long> { _vocabulary.Start };
        for (int at = 0; at < clean.Length;)
        {
            int length = WordLength(clean.AsSpan(at));
            string word = clean.Substring(at, length);
            at += length;
            if (word == _start)
                ids.Add(_vocabulary.Start);
            else if (word == _end)
                ids.Add(_vocabulary.End);
            else if (word != " ")
                AddWord(word, ids);
        }
        ids.Add(_vocabulary.End);
        return ids;
    }

    /// <summary>Characters of the word that a text begins with; a space is a word here.</summary>
    private int WordLength(ReadOnlySpan<char> text)
    {
        foreach (string literal in (ReadOnlySpan<string>)[_start, _end, .. s_contractions])
        {
            if (text.StartsWith(literal, StringComparison.Ordinal))
                return literal.Length;
        }
        var kind = KindAt(text, out int length);
        if (kind is Kind.Space or Kind.Number)
            return length;
        while (length < text.Length && KindAt(text[length..], out int next) == kind)
            length += next;
        return length;
    }

    /// <summary>By code points, so that letters beyond the first plane are letters.</summary>
    private static Kind KindAt(ReadOnlySpan<char> text, out int length)
    {
        Rune.DecodeFromUtf16(text, out var rune, out length);
        return Rune.GetUnicodeCategory(rune) switch
        {
            _ when Rune.IsWhiteSpace(rune) => Kind.Space,
            UnicodeCategory.UppercaseLetter
            or UnicodeCategory.LowercaseLetter
            or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter
            or UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber =>
                Kind.Number,
            _ => Kind.Other,
        };
    }

    private void AddWord(string word, List<long> ids)
    {
        List<string> symbols =
        [
            .. System.Text.Encoding.UTF8.GetBytes(word).Select(value => BytePairVocabulary.SymbolOf(value).ToString()),
        ];
        symbols[^1] += BytePairVocabulary.WordEnd;
        while (EarliestMerge(symbols) is { } merge)
            symbols = Merge(symbols, merge.Left, merge.Right);
        ids.AddRange(symbols.Select(_vocabulary.IdOf));
    }

    private (string Left, string Right)? EarliestMerge(List<string> symbols)
    {
        (string, string)? earliest = null;
        int least = int.MaxValue;
        for (int i = 0; i + 1 < symbols.Count; i++)
        {
            if (_vocabulary.Rank(symbols[i], symbols[i + 1]) is { } rank && rank < least)
                (least, earliest) = (rank, (symbols[i], symbols[i + 1]));
        }
        return earliest;
    }

    private static List<string> Merge(List<string> symbols, string left, string right)
    {
        var merged = new List<string>(symbols.Count);
        for (int i = 0; i < symbols.Count; i++)
        {
            bool isPair = i + 1 < symbols.Count && symbols[i] == left && symbols[i + 1] == right;
            merged.Add(isPair ? left + right : symbols[i]);
            i += isPair ? 1 : 0;
        }
        return merged;
    }

    private enum Kind
    {
        Space,
        Letter,
        Number,
        Other,
    }
}
