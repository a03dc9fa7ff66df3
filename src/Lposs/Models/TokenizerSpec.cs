namespace Lposs.Models;

/// <summary>A bundle's tokenizer.</summary>
/// <param name="Kind">
/// <see cref="WordPiece"/>. <see cref="ClipBytePairs"/> is a name that manifests may use, but which is refused.
/// </param>
/// <param name="Files">
/// Its files by what they are, relative to the bundle's folder. For word pieces: <c>vocabulary</c>, a JSON list of
/// texts, where a token's id is its place in the list.
/// </param>
/// <param name="Start">The token that opens a prompt.</param>
/// <param name="End">The token that closes a prompt.</param>
/// <param name="Pad">The token that fills the rest of the context.</param>
/// <param name="Unknown">The token for a character that the vocabulary has no piece for.</param>
public sealed record TokenizerSpec(
    string Kind,
    IReadOnlyDictionary<string, string> Files,
    string Start,
    string End,
    string Pad,
    string Unknown)
{
    /// <summary>Greedy longest match over a vocabulary of words and word pieces.</summary>
    public const string WordPiece = "word-piece";

    /// <summary>CLIP's byte pairs.</summary>
    public const string ClipBytePairs = "clip-bpe";

    /// <summary>What the file of a word-piece vocabulary is called in <see cref="Files"/>.</summary>
    public const string Vocabulary = "vocabulary";

    internal static TokenizerSpec Read(JsonObjectReader reader)
    {
        string kind = reader.Text("kind");
        if (kind == ClipBytePairs)
            throw reader.Mistake("kind", $"is {kind}, which this version cannot read; it may be {WordPiece}.");
        if (kind != WordPiece)
            throw reader.Mistake("kind", $"is '{kind}'; it may be {WordPiece}.");

        var files = reader.Object("files");
        var tokenizer = new TokenizerSpec(
            kind,
            new Dictionary<string, string> { [Vocabulary] = files.Text(Vocabulary) },
            reader.Text("start"),
            reader.Text("end"),
            reader.Text("pad"),
            reader.Text("unknown"));
        files.RefuseOthers();
        reader.RefuseOthers();
        return tokenizer;
    }
}
