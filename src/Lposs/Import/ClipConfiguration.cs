using System.Collections.Immutable;
using System.Text.Json;
using Lposs.Models;
using Lposs.Towers;

namespace Lposs.Import;

/// <summary>
/// What a published configuration of CLIP says that weights do not: the activation, and how pixels are normalised.
/// Read are open_clip_config.json and Hugging Face's config.json; their other members describe what the weights show.
/// </summary>
/// <param name="Activation">Of both towers.</param>
/// <param name="Mean">Per channel, for values from 0 to 1; null where it does not say.</param>
/// <param name="Std">Per channel; null where it does not say.</param>
internal sealed record ClipConfiguration(Activation Activation, ImmutableArray<float>? Mean, ImmutableArray<float>? Std)
{
    private const int MaxBytes = 1 << 20;
    private const string Gelu = "gelu";
    private const string QuickGelu = "quick_gelu";

    /// <summary>Reads one.</summary>
    /// <exception cref="ImportException">It cannot be read, is neither kind, or has an activation that is not built here.</exception>
    public static ClipConfiguration Read(string path)
    {
        using var json = JsonFile.Read(path, MaxBytes, sentence => new ImportException(sentence));
        var root = json.RootElement;
        if (root.ValueKind == JsonValueKind.Object && Member(root, "model_cfg") is { ValueKind: JsonValueKind.Object } model)
            return OpenClip(path, root, model);
        if (root.ValueKind == JsonValueKind.Object && Member(root, "vision_config") is { ValueKind: JsonValueKind.Object })
            return HuggingFace(path, root);
        throw new ImportException($"{path} is no configuration of CLIP: it has neither model_cfg, as open_clip_config.json, nor vision_config, as Hugging Face's config.json.");
    }

    /// <summary>open_clip leaves quick_gelu out where it is false.</summary>
    private static ClipConfiguration OpenClip(string path, JsonElement root, JsonElement model)
    {
        var flag = Member(model, QuickGelu);
        if (flag is { ValueKind: not (JsonValueKind.True or JsonValueKind.False) })
            throw new ImportException($"{path}: model_cfg.quick_gelu must be true or false.");
        var preprocessing = Member(root, "preprocess_cfg");
        return new ClipConfiguration(
            flag is { ValueKind: JsonValueKind.True } ? Activation.QuickGelu : Activation.Gelu,
            Channels(path, preprocessing, "mean", least: float.MinValue),
            Channels(path, preprocessing, "std", least: float.Epsilon));
    }

    private static ClipConfiguration HuggingFace(string path, JsonElement root)
    {
        var image = ActivationOf(path, root, "vision_config");
        var text = ActivationOf(path, root, "text_config");
        return image == text ? new ClipConfiguration(image, null, null) : throw new ImportException(
            $"{path}: vision_config has the activation {image} and text_config {text}; they must be the same.");
    }

    private static Activation ActivationOf(string path, JsonElement root, string tower)
    {
        // Hugging Face's program takes quick_gelu where a configuration does not say; published ones rely on it.
        if (Member(root, tower) is not { ValueKind: JsonValueKind.Object } part || Member(part, "hidden_act") is not { } named)
            return Activation.QuickGelu;
        string? name = named.ValueKind == JsonValueKind.String ? named.GetString() : null;
        return name switch
        {
            Gelu => Activation.Gelu,
            QuickGelu => Activation.QuickGelu,
            _ => throw new ImportException($"{path}: {tower}.hidden_act is {named.GetRawText()}; it must be {Gelu} or {QuickGelu}."),
        };
    }

    private static ImmutableArray<float>? Channels(string path, JsonElement? preprocessing, string name, float least)
    {
        if (preprocessing is not { ValueKind: JsonValueKind.Object } part || Member(part, name) is not { } list)
            return null;
        float[] values = list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Number ? value.GetSingle() : float.NaN)]
            : [];
        return values.Length == 3 && values.All(value => float.IsFinite(value) && value >= least)
            ? [.. values]
            : throw new ImportException($"{path}: preprocess_cfg.{name} is {list.GetRawText()}; it must be three numbers{(least > 0 ? " above 0" : "")}.");
    }

    private static JsonElement? Member(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
