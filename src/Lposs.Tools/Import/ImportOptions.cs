using Lposs.Bundles;
using Lposs.Encoders;
using Lposs.Tools.Import.Exporter;

namespace Lposs.Tools.Import;

/// <summary>The published files that a bundle is made of, and how.</summary>
public sealed record ImportOptions
{
    /// <summary>CLIP, both encoders: a safetensors file, or the index (.json) of one that is in parts.</summary>
    public required string Clip { get; init; }

    /// <summary>CLIP's own configuration: open_clip_config.json, or Hugging Face's config.json. Null where there is
    /// none.</summary>
    public string? ClipConfiguration { get; init; }

    /// <summary>DINO or DINOv2, as <see cref="Clip"/>.</summary>
    public required string Dino { get; init; }

    /// <summary>CLIP's byte pairs: the published list (bpe_simple_vocab_16e6.txt.gz), or a vocab.json.</summary>
    public required string Vocabulary { get; init; }

    /// <summary>The merges.txt beside a vocab.json; null for the list.</summary>
    public string? Merges { get; init; }

    /// <summary>What CLIP's weights were trained with; null to take it from <see cref="ClipConfiguration"/>.</summary>
    public Activation? Activation { get; init; }

    /// <summary>What CLIP's last block does.</summary>
    public DenseVariant Variant { get; init; } = DenseVariant.MaskClip;

    /// <summary>What DINO's patches are compared by.</summary>
    public DinoFeature Feature { get; init; } = DinoFeature.Value;

    /// <summary>Of the encoders.</summary>
    public Precision Precision { get; init; } = Precision.F32;

    /// <summary>Prompt templates.</summary>
    public IReadOnlyList<string> Templates { get; init; } = PromptTemplates.ImageNet;

    /// <summary>The bundle's name; null for the folder's.</summary>
    public string? Name { get; init; }

    /// <summary>The licence of the weights, as far as the user says.</summary>
    public string Licence { get; init; } = "not stated at import";

    /// <summary>Where the weights come from; null for the names of the files.</summary>
    public string? Origin { get; init; }
}
