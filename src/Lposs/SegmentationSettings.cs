namespace Lposs;

/// <summary>Whose features of two patches say whether they look alike.</summary>
public enum AppearanceFeatures
{
    /// <summary>The vision model's, as in LPOSS.</summary>
    Vm,

    /// <summary>The vision-language model's own, as in the paper's first step; the vision model does not run.</summary>
    Vlm,
}

/// <summary>How to segment one image; what is null is as the model bundle says.</summary>
public sealed record SegmentationSettings
{
    /// <summary>How far to go.</summary>
    public SegmentationMode Mode { get; init; } = SegmentationMode.LpossPlus;

    /// <summary>What the patch graph compares.</summary>
    public AppearanceFeatures Appearance { get; init; } = AppearanceFeatures.Vm;

    /// <summary>Whether the vision model has to run.</summary>
    internal bool NeedsVm => Mode != SegmentationMode.Vlm && Appearance == AppearanceFeatures.Vm;

    /// <summary>The short side that the encoders see the image with, in pixels, 1 to 65536.</summary>
    public int? ShortSide { get; init; }

    /// <summary>
    /// The most that the long side may have then; it wins over the short side. By default the bundle's, in proportion
    /// where <see cref="ShortSide"/> is above the bundle's.
    /// </summary>
    public int? LongSide { get; init; }

    /// <summary>The method's parameters.</summary>
    public PropagationParameters? Parameters { get; init; }

    /// <summary>Whether the result is to have scores: 4 bytes per pixel of the image and class.</summary>
    public bool WithScores { get; init; }

    /// <summary>Whether the result is to have the confidence: 4 bytes per pixel of the image.</summary>
    public bool WithConfidence { get; init; }
}
