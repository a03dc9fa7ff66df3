namespace Lposs.Models;

/// <summary>A bundle's tokenizer.</summary>
/// <param name="Kind"><see cref="WordPiece"/> or <see cref="ClipBytePairs"/>.</param>
/// <param name="Files">
/// Its files by what they are, relative to the bundle's folder. For word pieces: <c>vocabulary</c>, a JSON list of
/// texts, where a token's id is its place in the list. For CLIP's byte pairs either <c>byte_pairs</c>, the published
/// text list (bpe_simple_vocab_16e6.txt.gz), or <c>vocabulary</c> and <c>merges</c> (vocab.json and merges.txt).
/// </param>
/// <param name="Start">The token that opens a prompt. For byte pairs it may be left out and is then OpenAI's.</param>
/// <param name="End">The token that closes a prompt. For byte pairs it may be left out and is then OpenAI's.</param>
/// <param name="Pad">The token that fills the rest of the context; null for byte pairs, which fill with id 0.</param>
/// <param name="Unknown">The token for a character that the vocabulary has no piece for; null for byte pairs, which spell all.</param>
public sealed record TokenizerSpec(
    string Kind,
    IReadOnlyDictionary<string, string> Files,
    string Start,
    string End,
    string? Pad,
    string? Unknown)
{
    /// <summary>Greedy longest match over a vocabulary of words and word pieces.</summary>
    public const string WordPiece = "word-piece";

    /// <summary>CLIP's byte pairs.</summary>
    public const string ClipBytePairs = "clip-bpe";

    /// <summary>What the file of a vocabulary is called in <see cref="Files"/>.</summary>
    public const string Vocabulary = "vocabulary";

    /// <summary>What the published list of byte pairs is called in <see cref="Files"/>.</summary>
    public const string BytePairs = "byte_pairs";

    /// <summary>What the merges beside a vocabulary of byte pairs are called in <see cref="Files"/>.</summary>
    public const string Merges = "merges";

    /// <summary>OpenAI's name of the token that opens a text; open_clip calls it &lt;start_of_text&gt;.</summary>
    public const string ClipStart = "<|startoftext|>";

    /// <summary>OpenAI's name of the token that closes a text; open_clip calls it &lt;end_of_text&gt;.</summary>
    public const string ClipEnd = "<|endoftext|>";

    internal static TokenizerSpec Read(JsonObjectReader reader)
    {
        string kind = reader.Text("kind");
        var tokenizer = kind switch
        {
            WordPiece => ReadWordPieces(reader),
            ClipBytePairs => ReadBytePairs(reader),
            _ => throw reader.Mistake("kind", $"is '{kind}'; it may be {WordPiece} or {ClipBytePairs}."),
        };
        reader.RefuseOthers();
        return tokenizer;
    }

    private static TokenizerSpec ReadWordPieces(JsonObjectReader reader) => new(
        WordPiece,
        ReadFiles(reader, Vocabulary),
        reader.Text("start"),
        reader.Text("end"),
        reader.Text("pad"),
        reader.Text("unknown"));

    private static TokenizerSpec ReadBytePairs(JsonObjectReader reader)
    {
        bool isList = reader.Object("files").Names.Contains(BytePairs);
        return new TokenizerSpec(
            ClipBytePairs,
            isList ? ReadFiles(reader, BytePairs) : ReadFiles(reader, Vocabulary, Merges),
            reader.OptionalText("start") ?? ClipStart,
            reader.OptionalText("end") ?? ClipEnd,
            Pad: null,
            Unknown: null);
    }

    private static Dictionary<string, string> ReadFiles(JsonObjectReader reader, params string[] names)
    {
        var files = reader.Object("files");
        var paths = names.ToDictionary(name => name, files.Text);
        files.RefuseOthers();
        return paths;
    }
}
