using Lposs.Encoders;

namespace Lposs;

/// <summary>What a <see cref="Segmenter"/> computes on and with.</summary>
public sealed record SegmenterOptions : ComputeOptions
{
    /// <summary>Windows in one run of the image encoders on a GPU; on the processor, where each window has a run of its
    /// own, windows that are cut at a time. More need more memory. 1 or more.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>Where the embeddings of prompts are kept between processes; null, the default, for nowhere. With one,
    /// the text encoder is opened when the first prompt comes that is not in it.</summary>
    public PromptCache? PromptCache { get; init; }
}
