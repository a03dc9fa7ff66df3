using System.Text;
using Lposs.Models;

namespace Lposs.Encoding;

/// <summary>
/// Words and word pieces. The text is put in lower case and split into runs of a-z and 0-9 and single other
/// characters, white space dropped. A word of the vocabulary is one token; any other is cut from the left into the
/// longest pieces that the vocabulary has, those after the first marked "##"; a character that begins no piece
/// is the unknown token. Immutable and thread-safe.
/// </summary>
public sealed class WordPieceTokenizer : ITokenizer
{
    private const string Continuation = "##";
    private const long VocabularyMaxBytes = 64 << 20;

    private readonly Dictionary<string, long> _ids = [];
    private readonly int _longest;
    private readonly long _start;
    private readonly long _end;
    private readonly long _unknown;

    /// <param name="vocabulary">The tokens; a token's id is its index.</param>
    /// <param name="start">The token that opens every text.</param>
    /// <param name="end">The token that closes every text.</param>
    /// <param name="pad">The token for the rest of the context.</param>
    /// <param name="unknown">The token for what the vocabulary cannot spell.</param>
    /// <exception cref="ArgumentException">A token is in the vocabulary twice, or one of the four is not in it.</exception>
    public WordPieceTokenizer(IReadOnlyList<string> vocabulary, string start, string end, string pad, string unknown)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        foreach (string token in vocabulary)
        {
            if (!_ids.TryAdd(token, _ids.Count))
                throw new ArgumentException($"the vocabulary has '{token}' twice.");
            _longest = Math.Max(_longest, token.Length);
        }
        _start = IdOf(start);
        _end = IdOf(end);
        _unknown = IdOf(unknown);
        PadId = IdOf(pad);
    }

    /// <inheritdoc/>
    public long PadId { get; }

    /// <summary>The word-piece tokenizer of a bundle.</summary>
    /// <exception cref="ModelBundleException">Its vocabulary cannot be read or lacks a token that the manifest names.</exception>
    internal static WordPieceTokenizer Open(ModelBundle bundle)
    {
        static ModelBundleException Mistake(string sentence) => new(sentence);
        var spec = bundle.Text.Tokenizer;
        string path = bundle.PathOf(spec.Files[TokenizerSpec.Vocabulary]);
        using var json = JsonFile.Read(path, VocabularyMaxBytes, Mistake);
        var vocabulary = JsonObjectReader.TextsOf(json.RootElement, path, Mistake);
        try
        {
            return new WordPieceTokenizer(vocabulary, spec.Start, spec.End, spec.Pad!, spec.Unknown!);
        }
        catch (ArgumentException error)
        {
            throw new ModelBundleException($"{path}: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<long> Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<long> { _start };
        var word = new StringBuilder();
        foreach (var rune in LowerCase(text).EnumerateRunes())
        {
            if (rune.IsAscii && char.IsAsciiLetterOrDigit((char)rune.Value))
            {
                word.Append((char)rune.Value);
                continue;
            }
            AddWord(word, ids);
            if (!IsWhiteSpace(rune))
                ids.Add(_ids.GetValueOrDefault(rune.ToString(), _unknown));
        }
        AddWord(word, ids);
        ids.Add(_end);
        return ids;
    }

    private void AddWord(StringBuilder word, List<long> ids)
    {
        if (_ids.TryGetValue(word.ToString(), out long whole))
            ids.Add(whole);
        else
            AddPieces(word.ToString(), ids);
        word.Clear();
    }

    private void AddPieces(string word, List<long> ids)
    {
        for (int at = 0; at < word.Length;)
        {
            int length = LongestPiece(word, at, out long id);
            ids.Add(id);
            at += Math.Max(length, 1);
        }
    }

    /// <summary>Length of the longest piece of the vocabulary at a place of a word; 0 and the unknown token if there is none.</summary>
    private int LongestPiece(string word, int at, out long id)
    {
        for (int length = Math.Min(word.Length - at, _longest); length > 0; length--)
        {
            string piece = word.Substring(at, length);
            if (_ids.TryGetValue(at == 0 ? piece : Continuation + piece, out id))
                return length;
        }
        id = _unknown;
        return 0;
    }

    /// <summary>The one letter whose lower case is two characters, which the runtime leaves as it is.</summary>
    private static string LowerCase(string text) => text.Replace("\u0130", "i\u0307", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>The separators U+001C to U+001F count too, as in the tokenizer that the encoders were trained with.</summary>
    private static bool IsWhiteSpace(Rune rune) => Rune.IsWhiteSpace(rune) || rune.Value is >= 0x1C and <= 0x1F;

    private long IdOf(string token) =>
        _ids.TryGetValue(token, out long id) ? id : throw new ArgumentException($"the vocabulary has no '{token}'.");
}
