using System.Text.Json;
using System.Text.Unicode;
using Lposs.Files;

namespace Lposs.Json;

/// <summary>
/// Reads a JSON file that came from outside. Whatever is wrong with it becomes one sentence that names the file, thrown
/// as a <see cref="LpossException"/> with the caller's code.
/// </summary>
internal static class JsonFile
{
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>The file's content; the caller disposes it. Files of more than <paramref name="maxBytes"/> are
    /// refused.</summary>
    public static JsonDocument Read(string path, long maxBytes, LpossErrorCode code, bool mayBePipe = false) =>
        Parse(SmallFile.ReadBytes(path, maxBytes, code, mayBePipe), path, code);

    /// <summary>The same of the contents of a file; <paramref name="path"/> names it in messages.</summary>
    public static JsonDocument Parse(byte[] bytes, string path, LpossErrorCode code)
    {
        ReadOnlyMemory<byte> json = bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsMemory(3) : bytes;
        if (!Utf8.IsValid(json.Span))
            throw new LpossException(code, $"{path} is not UTF-8 text.");
        try
        {
            return JsonDocument.Parse(json, s_strict);
        }
        catch (JsonException error)
        {
            throw new LpossException(code, $"{path} is not valid JSON{Position(error)}: {Reason(error)}.", error);
        }
        catch (InvalidOperationException)
        {
            // The search for names that are there twice stumbles over half a surrogate pair.
            throw new LpossException(code, $"{path} has a name with a broken Unicode escape.");
        }
    }

    private static string Position(JsonException error) =>
        error.LineNumber is { } line ? $" (line {line + 1}, byte {error.BytePositionInLine + 1})" : "";

    /// <summary>The library's explanation without the position and the advice that it appends.</summary>
    internal static string Reason(JsonException error) => error.Message.Split(". ")[0].TrimEnd('.');
}
