using Lposs.Encoders;
using Lposs.Imaging;

namespace Lposs;

/// <summary>A segmented image.</summary>
public sealed record SegmentationResult
{
    /// <summary>The id of the class of every pixel, at the image's own size.</summary>
    public required LabelMap Labels { get; init; }

    /// <summary>[H, W, C]: scores on no absolute scale, classes in the order of the list; null if not asked
    /// for.</summary>
    public NdArray<float>? Scores { get; init; }

    /// <summary>[H, W]: largest score minus second largest, 0 for one class; null if not asked for.</summary>
    public NdArray<float>? Confidence { get; init; }

    /// <summary>The classes.</summary>
    public required ClassList Classes { get; init; }

    /// <summary>How far the method went.</summary>
    public required SegmentationMode Mode { get; init; }

    /// <summary>Milliseconds of each stage.</summary>
    public required SegmentationTimes Times { get; init; }

    /// <summary>The solve over patches, a column per prompt; null where the mode has none.</summary>
    public SolveReport? PatchSolve { get; init; }

    /// <summary>The solve over pixels, a column per prompt; null where the mode has none.</summary>
    public SolveReport? PixelSolve { get; init; }

    /// <summary>What was really computed on.</summary>
    public required ComputeDevice Device { get; init; }

    /// <summary>Sentences that a user should read, such as which prompts the encoders never learnt.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>Milliseconds of segmenting an image.</summary>
/// <param name="TextEncoder">The text encoder; next to nothing for classes that it saw before.</param>
/// <param name="Image">The image up to its features. They count once, also where they serve several results.</param>
/// <param name="Core">The core, stage by stage.</param>
public sealed record SegmentationTimes(double TextEncoder, EncodingTimes Image, CoreTimes Core)
{
    /// <summary>The sum of all stages.</summary>
    public double Total => TextEncoder + Image.Resize + Image.CutWindows + Image.ImageEncoders + Core.Total;
}
