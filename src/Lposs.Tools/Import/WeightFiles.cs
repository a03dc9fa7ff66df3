using System.Text.Json;
using Lposs.Json;
using Lposs.Tools.Import.Weights;

namespace Lposs.Tools.Import;

/// <summary>The files that a path to weights means.</summary>
internal static class WeightFiles
{
    private const int IndexMaxBytes = 16 << 20;

    /// <summary>A safetensors file itself, or the parts that an index names, all of them beside it.</summary>
    /// <exception cref="LpossException">The index is none, or names a file outside its folder.</exception>
    /// <exception cref="LpossException">A file cannot be opened as safetensors.</exception>
    public static WeightSet Open(string path)
    {
        if (!path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            return WeightSet.Open(path);
        using var json = JsonFile.Read(path, IndexMaxBytes, LpossErrorCode.ImportFailed);
        if (
            json.RootElement.ValueKind != JsonValueKind.Object
            || !json.RootElement.TryGetProperty("weight_map", out var map)
            || map.ValueKind != JsonValueKind.Object
        )
            throw new LpossException(
                LpossErrorCode.ImportFailed,
                $"{path} is no index of weights: it has no weight_map."
            );
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var entry in map.EnumerateObject())
        {
            string name = JsonObjectReader.TextOf(
                entry.Value,
                $"weight_map.{entry.Name}",
                sentence => new LpossException(LpossErrorCode.ImportFailed, $"{path}: {sentence}")
            );
            if (name != Path.GetFileName(name) || name is "." or ".." || name.Contains('\\', StringComparison.Ordinal))
                throw new LpossException(
                    LpossErrorCode.ImportFailed,
                    $"{path} puts '{entry.Name}' into {entry.Value.GetRawText()}; parts must be files beside the index."
                );
            names.Add(name);
        }
        if (names.Count == 0)
            throw new LpossException(LpossErrorCode.ImportFailed, $"{path} names no parts.");
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return WeightSet.Open([.. names.Select(name => Path.Combine(folder, name))]);
    }
}
