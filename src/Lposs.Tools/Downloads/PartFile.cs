using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lposs.Files;

namespace Lposs.Tools.Downloads;

/// <summary>
/// What has come of a file: NAME.part, with NAME.part.json beside it, which says of which version of the file it is.
/// Without a strong entity tag the rest cannot be asked for safely, and the file begins anew.
/// </summary>
internal sealed class PartFile
{
    private readonly string _statePath;
    private PartState? _state;

    /// <param name="target">Where the whole file is to lie.</param>
    public PartFile(string target)
    {
        Name = System.IO.Path.GetFileName(target);
        Path = target + ".part";
        _statePath = Path + ".json";
        _state = ReadState();
        if (!File.Exists(Path) || _state is null)
            Discard();
    }

    /// <summary>The name of the whole file.</summary>
    public string Name { get; }

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    /// <summary>The entity tag of the version that it is of.</summary>
    public string? Tag => _state?.Tag;

    /// <summary>The size of the whole file, where the server said it.</summary>
    public long? Total => _state?.Total;

    /// <summary>Its size now; 0 where there is none.</summary>
    public long Bytes => File.Exists(Path) ? new FileInfo(Path).Length : 0;

    /// <summary>Whether any part of a file was left behind by an earlier fetch.</summary>
    public static bool Exists(string target) => File.Exists(target + ".part");

    /// <summary>Begins anew with a version of the file.</summary>
    public void Begin(string? tag, long? total)
    {
        Discard();
        _state = new PartState(tag, total);
        AtomicFile.WriteText(_statePath, JsonSerializer.Serialize(_state, PartJson.Default.PartState));
    }

    /// <summary>Opens it to add to it. Nothing is held back in memory: what was added is there when the process
    /// ends.</summary>
    public FileStream Append() => new(Path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);

    /// <summary>The hash of what is there.</summary>
    public async Task<string> HashAsync(CancellationToken cancellationToken)
    {
        using var stream = File.OpenRead(Path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Makes it the file.</summary>
    public void Finish(string target)
    {
        File.Move(Path, target, overwrite: true);
        Discard();
    }

    /// <summary>Forgets it.</summary>
    public void Discard()
    {
        File.Delete(Path);
        File.Delete(_statePath);
        _state = null;
    }

    private PartState? ReadState()
    {
        if (!File.Exists(_statePath))
            return null;
        try
        {
            var state = JsonSerializer.Deserialize(File.ReadAllBytes(_statePath), PartJson.Default.PartState);
            return state?.Tag is { } tag && !EntityTagHeaderValue.TryParse(tag, out _) ? null : state;
        }
        catch (JsonException)
        {
            return null; // Damaged: without it the part is worth nothing, and the file begins anew.
        }
    }
}

/// <param name="Tag">The entity tag, if it was a strong one.</param>
/// <param name="Total">The size of the whole file, where the server said it.</param>
internal sealed record PartState(string? Tag, long? Total);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(PartState))]
internal sealed partial class PartJson : JsonSerializerContext;
