using Lposs.Json;

namespace Lposs.Tokenization;

/// <summary>A bundle's tokenizer, of the kind <see cref="ClipBytePairs"/>.</summary>
/// <param name="Files">
/// Its files by what they are, relative to the bundle's folder: either <c>byte_pairs</c>, the published text list
/// (bpe_simple_vocab_16e6.txt.gz), or <c>vocabulary</c> and <c>merges</c> (vocab.json and merges.txt), of any size.
/// </param>
/// <param name="Start">The token that opens a prompt. In a manifest it may be left out and is then OpenAI's.</param>
/// <param name="End">The token that closes a prompt. In a manifest it may be left out and is then OpenAI's.</param>
internal sealed record TokenizerSpec(IReadOnlyDictionary<string, string> Files, string Start, string End)
{
    /// <summary>What a manifest calls CLIP's byte pairs, the only kind there is.</summary>
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
        if (kind != ClipBytePairs)
            throw reader.Error("kind", $"is '{kind}'; it may be {ClipBytePairs}.");
        bool isList = reader.Object("files").Names.Contains(BytePairs);
        var tokenizer = new TokenizerSpec(
            isList ? ReadFiles(reader, BytePairs) : ReadFiles(reader, Vocabulary, Merges),
            reader.OptionalText("start") ?? ClipStart,
            reader.OptionalText("end") ?? ClipEnd
        );
        reader.RejectUnknown();
        return tokenizer;
    }

    private static Dictionary<string, string> ReadFiles(JsonObjectReader reader, params string[] names)
    {
        var files = reader.Object("files");
        var paths = names.ToDictionary(name => name, files.Text);
        files.RejectUnknown();
        return paths;
    }
}
