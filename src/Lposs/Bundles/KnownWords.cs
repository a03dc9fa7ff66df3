using System.Collections.Immutable;
using Lposs.Json;

namespace Lposs.Bundles;

/// <summary>
/// The words that a bundle's encoders were taught, where it says so. A text encoder answers for any other word too,
/// but the answer means nothing; callers warn of such words by name.
/// </summary>
internal sealed class KnownWords
{
    private const long MaxBytes = 16 << 20;

    private readonly HashSet<string> _words;

    private KnownWords(IReadOnlyList<string> words)
    {
        Words = [.. words];
        _words = [.. words.Select(Normalise)];
    }

    /// <summary>The words, in the bundle's order; some are of several parts ("lamp post").</summary>
    public ImmutableArray<string> Words { get; }

    /// <summary>Whether a prompt is one of the words; letter case and the amount of white space do not
    /// matter.</summary>
    public bool Contains(string prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return _words.Contains(Normalise(prompt));
    }

    /// <summary>Reads a JSON list of texts.</summary>
    internal static KnownWords Read(string path)
    {
        static LpossException Error(string sentence) => new(LpossErrorCode.InvalidBundle, sentence);
        using var json = JsonFile.Read(path, MaxBytes, LpossErrorCode.InvalidBundle);
        return new KnownWords(JsonObjectReader.TextsOf(json.RootElement, path, Error));
    }

    private static string Normalise(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();
}
