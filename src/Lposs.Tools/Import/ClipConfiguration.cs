using System.Collections.Immutable;
using System.Text.Json;
using Lposs.Json;
using Lposs.Tools.Import.Exporter;

namespace Lposs.Tools.Import;

/// <summary>
/// What a published configuration of CLIP says that weights do not: the activation, the heads, and how pixels are
/// normalised; and sizes that weights show too, by which a configuration of another model is found out. Read are
/// open_clip_config.json and Hugging Face's config.json.
/// </summary>
/// <param name="Path">The file.</param>
/// <param name="Activation">Of both encoders.</param>
/// <param name="IsActivationSaid">Whether the file names it; where not, it is what the program takes that the file is
/// for.</param>
/// <param name="Image">Sizes of the image encoder.</param>
/// <param name="Text">Sizes of the text encoder.</param>
/// <param name="Mean">Per channel, for values from 0 to 1; null where it does not say.</param>
/// <param name="Std">Per channel; null where it does not say.</param>
internal sealed record ClipConfiguration(
    string Path,
    Activation Activation,
    bool IsActivationSaid,
    StatedSizes Image,
    StatedSizes Text,
    ImmutableArray<float>? Mean,
    ImmutableArray<float>? Std
)
{
    private const int MaxBytes = 1 << 20;
    private const string Gelu = "gelu";
    private const string QuickGelu = "quick_gelu";

    /// <summary>The width of a head where open_clip's configuration names none.</summary>
    private const int OpenClipHeadWidth = 64;

    /// <summary>Reads one.</summary>
    /// <exception cref="LpossException">It cannot be read, is neither kind, or has an activation that is not built
    /// here.</exception>
    public static ClipConfiguration Read(string path)
    {
        using var json = JsonFile.Read(path, MaxBytes, LpossErrorCode.ImportFailed);
        var root = json.RootElement;
        if (
            root.ValueKind == JsonValueKind.Object
            && Member(root, "model_cfg") is { ValueKind: JsonValueKind.Object } model
        )
            return OpenClip(path, root, model);
        if (
            root.ValueKind == JsonValueKind.Object
            && Member(root, "vision_config") is { ValueKind: JsonValueKind.Object }
        )
            return HuggingFace(path, root);
        throw new LpossException(
            LpossErrorCode.ImportFailed,
            $"{path} is no configuration of CLIP: it has neither model_cfg, as open_clip_config.json, nor "
                + "vision_config, as Hugging Face's config.json."
        );
    }

    /// <summary>open_clip leaves quick_gelu out where it is false.</summary>
    private static ClipConfiguration OpenClip(string path, JsonElement root, JsonElement model)
    {
        var flag = Member(model, QuickGelu);
        if (flag is { ValueKind: not (JsonValueKind.True or JsonValueKind.False) })
            throw new LpossException(
                LpossErrorCode.ImportFailed,
                $"{path}: model_cfg.quick_gelu must be true or false."
            );
        var preprocessing = Member(root, "preprocess_cfg");
        var image = Member(model, "vision_cfg");
        var text = Member(model, "text_cfg");
        int? width = Size(image, "width");
        return new ClipConfiguration(
            path,
            flag is { ValueKind: JsonValueKind.True } ? Activation.QuickGelu : Activation.Gelu,
            IsActivationSaid: true,
            new StatedSizes(
                width,
                Size(image, "layers"),
                width / (Size(image, "head_width") ?? OpenClipHeadWidth),
                Size(image, "patch_size")
            ),
            new StatedSizes(
                Size(text, "width"),
                Size(text, "layers"),
                Size(text, "heads"),
                Size(text, "context_length")
            ),
            Channels(path, preprocessing, "mean", least: float.MinValue),
            Channels(path, preprocessing, "std", least: float.Epsilon)
        );
    }

    private static ClipConfiguration HuggingFace(string path, JsonElement root)
    {
        var image = Member(root, "vision_config");
        var text = Member(root, "text_config");
        var imageActivation = ActivationOf(path, image, "vision_config");
        var textActivation = ActivationOf(path, text, "text_config");
        // Hugging Face's program takes quick_gelu where a configuration does not say; OpenAI's rely on it.
        var (taken, other) = (imageActivation ?? Activation.QuickGelu, textActivation ?? Activation.QuickGelu);
        if (taken != other)
            throw new LpossException(
                LpossErrorCode.ImportFailed,
                $"{path}: vision_config has the activation {taken} and text_config {other}; they must be the same."
            );
        StatedSizes Sizes(JsonElement? encoder, string side) =>
            new(
                Size(encoder, "hidden_size"),
                Size(encoder, "num_hidden_layers"),
                Size(encoder, "num_attention_heads"),
                Size(encoder, side)
            );
        return new ClipConfiguration(
            path,
            taken,
            imageActivation is not null && textActivation is not null,
            Sizes(image, "patch_size"),
            Sizes(text, "max_position_embeddings"),
            Mean: null,
            Std: null
        );
    }

    private static Activation? ActivationOf(string path, JsonElement? encoder, string name)
    {
        if (encoder is not { ValueKind: JsonValueKind.Object } part || Member(part, "hidden_act") is not { } named)
            return null;
        string? word = named.ValueKind == JsonValueKind.String ? named.GetString() : null;
        return word switch
        {
            Gelu => Activation.Gelu,
            QuickGelu => Activation.QuickGelu,
            _ => throw new LpossException(
                LpossErrorCode.ImportFailed,
                $"{path}: {name}.hidden_act is {named.GetRawText()}; it must be {Gelu} or {QuickGelu}."
            ),
        };
    }

    /// <summary>A size; null where it is not said, or said in another way than by a number above 0.</summary>
    private static int? Size(JsonElement? encoder, string name) =>
        encoder is { ValueKind: JsonValueKind.Object } part
        && Member(part, name) is { ValueKind: JsonValueKind.Number } number
        && number.TryGetInt32(out int size)
        && size > 0
            ? size
            : null;

    private static ImmutableArray<float>? Channels(string path, JsonElement? preprocessing, string name, float least)
    {
        if (preprocessing is not { ValueKind: JsonValueKind.Object } part || Member(part, name) is not { } list)
            return null;
        float[] values =
            list.ValueKind == JsonValueKind.Array
                ?
                [
                    .. list.EnumerateArray()
                        .Select(value => value.ValueKind == JsonValueKind.Number ? value.GetSingle() : float.NaN),
                ]
                : [];
        return values.Length == 3 && values.All(value => float.IsFinite(value) && value >= least)
            ? [.. values]
            : throw new LpossException(
                LpossErrorCode.ImportFailed,
                $"{path}: preprocess_cfg.{name} is {list.GetRawText()}; it must be three "
                    + $"numbers{(least > 0 ? " above 0" : "")}."
            );
    }

    private static JsonElement? Member(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}

/// <summary>What a configuration says of an encoder's sizes; null where it says nothing.</summary>
/// <param name="Width">Of a token.</param>
/// <param name="Layers">Blocks.</param>
/// <param name="Heads">Of the attention, which weights do not show.</param>
/// <param name="Side">The side of a patch in pixels, or the tokens of a text.</param>
internal sealed record StatedSizes(int? Width, int? Layers, int? Heads, int? Side)
{
    /// <summary>Compares them with what the weights show.</summary>
    /// <param name="configuration">The configuration's path.</param>
    /// <param name="weights">The weights' path.</param>
    /// <param name="encoder">"image" or "text".</param>
    /// <param name="side">What <see cref="Side"/> is called.</param>
    /// <param name="built">The encoder.</param>
    /// <exception cref="LpossException">One differs.</exception>
    public void RequireThoseOf(string configuration, string weights, string encoder, string side, EncoderGraph built)
    {
        foreach (
            var (name, stated, actual) in new[]
            {
                ("width", Width, built.Width),
                ("number of blocks", Layers, built.Layers),
                (side, Side, built.Size),
            }
        )
        {
            if (stated is { } size && size != actual)
            {
                throw new LpossException(
                    LpossErrorCode.ImportFailed,
                    $"{configuration} says that the {encoder} encoder has a {name} of {size}, and in {weights} it is "
                        + $"{actual}; they belong to different models."
                );
            }
        }
    }
}
