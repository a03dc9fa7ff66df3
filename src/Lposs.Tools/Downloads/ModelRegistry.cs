using System.Text.Json;
using Lposs.Json;

namespace Lposs.Tools.Downloads;

/// <summary>The published models that can be fetched by name: a JSON file, one of which comes with the
/// library.</summary>
public sealed class ModelRegistry
{
    /// <summary>The version of the file that this library reads.</summary>
    public const int SchemaVersion = 1;

    private const long MaxBytes = 1 << 20;
    private const string ResourceName = "registry.json";

    private ModelRegistry(JsonObjectReader reader)
    {
        int schema = reader.Integer("schema", 1, int.MaxValue);
        if (schema != SchemaVersion)
            throw reader.Error("schema", $"is {schema}; this version reads {SchemaVersion}.");
        var files = new Dictionary<string, RegistryFile>();
        foreach (var file in reader.Objects("files").Select(RegistryFile.Read))
        {
            if (!files.TryAdd(file.Name, file))
                throw reader.Error("files", $"lists '{file.Name}' twice.");
        }
        var models = new Dictionary<string, RegistryModel>();
        foreach (var model in reader.Objects("models").Select(model => RegistryModel.Read(model, files)))
        {
            if (!models.TryAdd(model.Name, model))
                throw reader.Error("models", $"lists '{model.Name}' twice.");
        }
        reader.RejectUnknown();
        Models = [.. models.Values];
    }

    /// <summary>The models, in the file's order.</summary>
    public IReadOnlyList<RegistryModel> Models { get; }

    /// <summary>The registry that comes with the library.</summary>
    public static ModelRegistry ReadDefault()
    {
        using var stream =
            typeof(ModelRegistry).Assembly.GetManifestResourceStream(ResourceName)
            ?? throw new InvalidOperationException($"the library was built without {ResourceName}");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        using var json = JsonFile.Parse(bytes, "the registry of lposs", LpossErrorCode.DownloadFailed);
        return Of(json, "the registry of lposs");
    }

    /// <summary>Reads a registry of the user's own.</summary>
    /// <exception cref="LpossException">It cannot be read, or something in it is wrong; the message names
    /// it.</exception>
    public static ModelRegistry Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var json = JsonFile.Read(path, MaxBytes, LpossErrorCode.DownloadFailed);
        return Of(json, path);
    }

    /// <summary>The model of a name.</summary>
    /// <exception cref="LpossException">There is none; the message lists those that are.</exception>
    public RegistryModel Find(string name) =>
        Models.FirstOrDefault(model => model.Name == name)
        ?? throw new LpossException(
            LpossErrorCode.DownloadFailed,
            $"there is no model '{name}' in the registry; it has "
                + $"{string.Join(", ", Models.Select(model => model.Name))}"
        );

    private static ModelRegistry Of(JsonDocument json, string path) =>
        new(JsonObjectReader.Of(json, path, LpossErrorCode.DownloadFailed));
}
