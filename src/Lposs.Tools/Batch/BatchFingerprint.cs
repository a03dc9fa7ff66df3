using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Lposs.Bundles;

namespace Lposs.Tools.Batch;

/// <summary>
/// Everything that the results of a batch depend on but the images: a batch that resumes must have the same. Threads
/// and workers change nothing. Device and instruction set are not in it; they may change the last bits of a score.
/// </summary>
internal sealed class BatchFingerprint
{
    public BatchFingerprint(IEnumerable<KeyValuePair<string, string>> settings) =>
        Settings = settings.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Each setting by name, as text.</summary>
    public ImmutableSortedDictionary<string, string> Settings { get; }

    public static BatchFingerprint Of(
        ModelBundle bundle,
        ClassList classes,
        SegmentationSettings settings,
        ImageReadOptions images,
        IEnumerable<string> formats,
        Shard shard
    )
    {
        string manifest = Convert.ToHexStringLower(
            SHA256.HashData(File.ReadAllBytes(Path.Combine(bundle.Folder, ModelBundle.ManifestName)))
        );
        return new BatchFingerprint(
            new Dictionary<string, string>
            {
                ["version"] = LpossLibrary.Version,
                ["model"] = $"{bundle.Name} {manifest}",
                ["classes"] = Hash(classes.ToJson()),
                ["mode"] = settings.Mode.ToString(),
                ["vm"] = settings.Appearance.ToString(),
                ["templates"] = Text($"{bundle.Text.Templates.Count} {Hash(string.Join('\n', bundle.Text.Templates))}"),
                ["short side"] = Text(settings.ShortSide ?? bundle.Image.ShortSide),
                ["long side"] = Text(settings.LongSide),
                ["scale"] = images.Scale.ToString(),
                ["orientation"] = images.AsStored ? "stored" : "upright",
                ["parameters"] = JsonSerializer.Serialize(settings.Parameters ?? bundle.Parameters),
                ["formats"] = string.Join(",", formats),
                ["shard"] = Text($"{shard.Index}/{shard.Count}"),
            }
        );
    }

    /// <summary>The settings that differ, by name.</summary>
    public IEnumerable<string> DifferencesFrom(BatchFingerprint other) =>
        Settings
            .Keys.Union(other.Settings.Keys)
            .Where(name => Settings.GetValueOrDefault(name) != other.Settings.GetValueOrDefault(name))
            .Order(StringComparer.Ordinal);

    private static string Hash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
