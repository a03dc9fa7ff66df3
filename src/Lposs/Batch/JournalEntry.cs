using System.Text.Json.Serialization;

namespace Lposs.Batch;

/// <summary>A picture that is done: its results are in their places.</summary>
/// <param name="Name">The picture's name in the collection.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Outputs">Its results.</param>
internal sealed record JournalEntry(string Name, int Width, int Height, IReadOnlyList<JournalOutput> Outputs);

/// <summary>A result of a picture.</summary>
/// <param name="Path">Relative to the folder of the results, with forward slashes.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its SHA-256, lower-case hexadecimal digits.</param>
internal sealed record JournalOutput(string Path, long Bytes, string Sha256);

/// <summary>The first line of a journal.</summary>
/// <param name="Schema">The version of this format.</param>
/// <param name="Settings">What the results depend on, by name.</param>
internal sealed record JournalHeader(int Schema, IReadOnlyDictionary<string, string> Settings);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(JournalHeader))]
[JsonSerializable(typeof(JournalEntry))]
internal sealed partial class JournalJson : JsonSerializerContext;
