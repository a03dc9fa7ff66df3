namespace Lposs.Encoding;

/// <summary>Turns a prompt into the token ids that a text encoder reads. Immutable and thread-safe.</summary>
public interface ITokenizer
{
    /// <summary>The id that fills the rest of the context.</summary>
    long PadId { get; }

    /// <summary>The ids of a text, start and end token included, neither padded nor cut.</summary>
    IReadOnlyList<long> Encode(string text);
}
