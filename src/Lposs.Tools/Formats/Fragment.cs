using System.Text.Json;
using Lposs.Files;

namespace Lposs.Tools.Formats;

/// <summary>The part of a collection's file that one image gave.</summary>
internal static class Fragment
{
    private const long MaxBytes = 1 << 30;

    /// <summary>A list of objects; the caller disposes it.</summary>
    /// <param name="folder">The folder of the results.</param>
    /// <param name="path">The fragment in it.</param>
    /// <exception cref="LpossException">It is not there or damaged; the message names it.</exception>
    public static JsonDocument ReadList(string folder, string path)
    {
        string file = StemPath.In(folder, path);
        byte[] bytes = SmallFile.ReadBytes(file, MaxBytes, LpossErrorCode.BatchFailed);
        try
        {
            var json = JsonDocument.Parse(bytes);
            if (
                json.RootElement.ValueKind == JsonValueKind.Array
                && json.RootElement.EnumerateArray().All(element => element.ValueKind == JsonValueKind.Object)
            )
                return json;
            json.Dispose();
        }
        catch (JsonException)
        {
            // Said below.
        }
        throw new LpossException(
            LpossErrorCode.BatchFailed,
            $"'{file}' is damaged; delete it and run the batch again."
        );
    }
}
