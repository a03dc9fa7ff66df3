using Lposs.Tools.Import.Exporter;

namespace Lposs.Tools.Import;

/// <summary>The words of the registry and of command lines for how weights become a bundle.</summary>
internal static class ImportWords
{
    public static readonly (string Word, DenseVariant Value)[] Variants =
    [
        ("maskclip", DenseVariant.MaskClip),
        ("sclip", DenseVariant.Sclip),
        ("clearclip", DenseVariant.ClearClip),
        ("nacclip", DenseVariant.NaClip),
        ("naclip", DenseVariant.NaClip),
        ("gem", DenseVariant.Gem),
    ];

    public static readonly (string Word, Activation? Value)[] Activations =
    [
        ("gelu", Activation.Gelu),
        ("quick_gelu", Activation.QuickGelu),
    ];

    public static readonly (string Word, DinoFeature Value)[] Features =
    [
        ("q", DinoFeature.Query),
        ("k", DinoFeature.Key),
        ("v", DinoFeature.Value),
    ];

    public static readonly (string Word, Precision Value)[] Precisions =
    [
        ("float32", Precision.F32),
        ("float16", Precision.F16),
    ];

    /// <summary>The value of a word that is known to be one of the choices.</summary>
    public static T Value<T>((string Word, T Value)[] choices, string word) =>
        choices.First(choice => choice.Word == word).Value;
}
