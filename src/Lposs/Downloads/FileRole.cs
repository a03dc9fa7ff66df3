namespace Lposs.Downloads;

/// <summary>What a file of a published model is for.</summary>
public enum FileRole
{
    /// <summary>CLIP, both towers, in safetensors.</summary>
    ClipWeights,

    /// <summary>CLIP's own configuration; it says which activation the weights were trained with.</summary>
    ClipConfiguration,

    /// <summary>DINO or DINOv2, in safetensors.</summary>
    DinoWeights,

    /// <summary>CLIP's byte-pair vocabulary.</summary>
    TokenizerVocabulary,
}
