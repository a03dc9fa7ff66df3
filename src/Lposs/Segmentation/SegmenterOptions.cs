namespace Lposs.Segmentation;

/// <summary>What a <see cref="Segmenter"/> computes on and with.</summary>
public sealed record SegmenterOptions : ComputeOptions
{
    /// <summary>Windows in one run of the image encoders; more need more memory. 1 or more.</summary>
    public int BatchSize { get; init; } = 8;
}
