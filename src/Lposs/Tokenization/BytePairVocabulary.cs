using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Lposs.Files;
using Lposs.Json;

namespace Lposs.Tokenization;

/// <summary>
/// The merges of CLIP's byte pairs in order, and the id of every symbol. Two published formats hold the same: the
/// text list bpe_simple_vocab_16e6.txt.gz, from which the ids follow, and vocab.json with merges.txt. Immutable.
/// </summary>
internal sealed class BytePairVocabulary
{
    /// <summary>What marks the last symbol of a word.</summary>
    public const string WordEnd = "</w>";

    /// <summary>The merges of CLIP's vocabulary; what the text list holds after them is not used.</summary>
    public const int ClipMerges = 49_152 - 256 - 2;

    private const int MaxBytes = 16 << 20;

    private readonly Dictionary<(string Left, string Right), int> _ranks = [];
    private readonly Dictionary<string, long> _ids;

    /// <summary>A vocabulary whose ids follow from its merges: bytes, bytes that end a word, merges, start,
    /// end.</summary>
    /// <exception cref="ArgumentException">A merge is there twice or of symbols that no merge before it
    /// makes.</exception>
    public BytePairVocabulary(IReadOnlyList<(string Left, string Right)> merges, string start, string end)
        : this(merges, IdsOf(merges, start, end), start, end) { }

    /// <summary>A vocabulary with ids of its own.</summary>
    /// <exception cref="ArgumentException">A merge is there twice or of symbols that none before it makes, or a symbol
    /// has no id.</exception>
    public BytePairVocabulary(
        IReadOnlyList<(string Left, string Right)> merges,
        IReadOnlyDictionary<string, long> ids,
        string start,
        string end
    )
    {
        _ids = new Dictionary<string, long>(ids);
        foreach (string symbol in ByteSymbols)
        {
            RequireId(symbol);
            RequireId(symbol + WordEnd);
        }
        HashSet<string> made = [.. ByteSymbols, .. ByteSymbols.Select(symbol => symbol + WordEnd)];
        foreach (var merge in merges)
        {
            if (!made.Contains(merge.Left) || !made.Contains(merge.Right))
                throw new ArgumentException(
                    $"the merge '{merge.Left} {merge.Right}' is of symbols that no merge before it makes."
                );
            RequireId(merge.Left + merge.Right);
            made.Add(merge.Left + merge.Right);
            if (!_ranks.TryAdd(merge, _ranks.Count))
                throw new ArgumentException($"the merge '{merge.Left} {merge.Right}' is there twice.");
        }
        (Start, End) = (RequireId(start), RequireId(end));
    }

    /// <summary>The visible character of each byte in the order of ids: printable bytes are themselves, the others
    /// U+0100 and up.</summary>
    public static IReadOnlyList<string> ByteSymbols { get; } =
    [.. BytesInOrder().Select(value => SymbolOf(value).ToString())];

    /// <summary>The id that opens a text.</summary>
    public long Start { get; }

    /// <summary>The id that closes a text.</summary>
    public long End { get; }

    /// <summary>The place of a merge in the order; null if the two do not merge.</summary>
    public int? Rank(string left, string right) => _ranks.TryGetValue((left, right), out int rank) ? rank : null;

    /// <summary>The id of a symbol that bytes and merges make.</summary>
    public long IdOf(string symbol) => _ids[symbol];

    /// <summary>The visible character of a byte.</summary>
    public static char SymbolOf(byte value) => IsPrintable(value) ? (char)value : (char)(0x100 + HiddenBefore(value));

    /// <summary>Reads the text list, gzip or plain: a header line, then one merge a line.</summary>
    /// <param name="path">The file.</param>
    /// <param name="start">The token that opens a text.</param>
    /// <param name="end">The token that closes a text.</param>
    /// <param name="mergeCount">The merges that must be there; lines after them are not looked at.</param>
    /// <exception cref="LpossException">It cannot be read, is cut, or has a line that is no merge.</exception>
    public static BytePairVocabulary ReadList(string path, string start, string end, int mergeCount = ClipMerges) =>
        Checked(path, () => new BytePairVocabulary(MergesOf(path, Lines(path), mergeCount), start, end));

    /// <summary>Reads vocab.json, symbols with their ids, and merges.txt, one merge a line after a header
    /// line.</summary>
    /// <exception cref="LpossException">One cannot be read, or the two do not belong together.</exception>
    public static BytePairVocabulary ReadPair(string vocabulary, string merges, string start, string end)
    {
        var ids = ReadIds(vocabulary);
        return Checked(
            vocabulary,
            () => new BytePairVocabulary(MergesOf(merges, Lines(merges), null), ids, start, end)
        );
    }

    private long RequireId(string symbol) =>
        _ids.TryGetValue(symbol, out long id) ? id : throw new ArgumentException($"the vocabulary has no '{symbol}'.");

    private static Dictionary<string, long> IdsOf(
        IReadOnlyList<(string Left, string Right)> merges,
        string start,
        string end
    )
    {
        var ids = new Dictionary<string, long>();
        string[] symbols =
        [
            .. ByteSymbols,
            .. ByteSymbols.Select(symbol => symbol + WordEnd),
            .. merges.Select(merge => merge.Left + merge.Right),
            start,
            end,
        ];
        // Two merges may make the same symbol, whose id is then the later one, as in the published program.
        for (int id = 0; id < symbols.Length; id++)
            ids[symbols[id]] = id;
        return ids;
    }

    private static Dictionary<string, long> ReadIds(string path)
    {
        static LpossException Error(string sentence) => new(LpossErrorCode.InvalidBundle, sentence);
        using var json = JsonFile.Read(path, MaxBytes, LpossErrorCode.InvalidBundle);
        if (json.RootElement.ValueKind != JsonValueKind.Object)
            throw Error($"{path} holds no object; a vocabulary of byte pairs is an object of symbols and ids.");
        var ids = new Dictionary<string, long>();
        var seen = new HashSet<long>();
        foreach (var member in json.RootElement.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Number || !member.Value.TryGetInt32(out int id) || id < 0)
                throw Error($"{path} gives '{member.Name}' no id; an id is a whole number of 0 or more.");
            if (!seen.Add(id))
                throw Error($"{path} has the id {id} twice.");
            ids.Add(member.Name, id);
        }
        return ids;
    }

    private static List<(string Left, string Right)> MergesOf(string path, string[] lines, int? count)
    {
        if (count > lines.Length - 1)
            throw new LpossException(
                LpossErrorCode.InvalidBundle,
                $"{path} has {Math.Max(lines.Length - 1, 0)} merges, and {count} are needed: it is cut or another file."
            );
        int last = count ?? lines.Length - 1;
        var merges = new List<(string, string)>(last);
        for (int line = 1; line <= last; line++)
        {
            string[] parts = lines[line].Split(' ');
            if (parts.Length != 2 || parts[0].Length == 0 || parts[1].Length == 0)
                throw new LpossException(
                    LpossErrorCode.InvalidBundle,
                    $"{path} line {line + 1} is no merge; a merge is two symbols with a space between."
                );
            merges.Add((parts[0], parts[1]));
        }
        return merges;
    }

    private static string[] Lines(string path)
    {
        byte[] file = SmallFile.ReadBytes(path, MaxBytes, LpossErrorCode.InvalidBundle);
        try
        {
            bool isGzip = file is [0x1F, 0x8B, ..];
            byte[]? bytes = isGzip
                ? SmallFile.ReadToEnd(new GZipStream(new MemoryStream(file), CompressionMode.Decompress), 0, MaxBytes)
                : file;
            if (bytes is null)
                throw new LpossException(
                    LpossErrorCode.InvalidBundle,
                    $"{path} holds more than {MaxBytes} bytes of merges; it is another file."
                );
            string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            string[] lines = text.ReplaceLineEndings("\n").Split('\n');
            return lines[^1].Length == 0 ? lines[..^1] : lines;
        }
        catch (InvalidDataException error)
        {
            throw new LpossException(LpossErrorCode.InvalidBundle, $"{path} cannot be read: {error.Message}", error);
        }
        catch (DecoderFallbackException error)
        {
            throw new LpossException(LpossErrorCode.InvalidBundle, $"{path} is not UTF-8 text.", error);
        }
    }

    private static BytePairVocabulary Checked(string path, Func<BytePairVocabulary> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException error)
        {
            throw new LpossException(LpossErrorCode.InvalidBundle, $"{path}: {error.Message}", error);
        }
    }

    private static IEnumerable<byte> BytesInOrder()
    {
        var all = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();
        return [.. all.Where(IsPrintable), .. all.Where(value => !IsPrintable(value))];
    }

    private static int HiddenBefore(byte value) =>
        Enumerable.Range(0, value).Count(before => !IsPrintable((byte)before));

    private static bool IsPrintable(byte value) => value is (>= 0x21 and <= 0x7E) or (>= 0xA1 and <= 0xAC) or >= 0xAE;
}
