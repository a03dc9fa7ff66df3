using Lposs.Imaging;
using Lposs.Segmentation;

namespace Lposs.Batch;

/// <summary>How to segment a collection.</summary>
public sealed record BatchOptions
{
    /// <summary>The folder of the results.</summary>
    public required string Output { get; init; }

    /// <summary>What to compute on. <see cref="ComputeOptions.Threads"/> are those of the image encoders; each solver has one of its own.</summary>
    public ComputeOptions Compute { get; init; } = new();

    /// <summary>How to segment a picture; what the formats need is added.</summary>
    public SegmentationSettings Settings { get; init; } = new();

    /// <summary>Limits of the pictures.</summary>
    public ImageReadOptions Pictures { get; init; } = new();

    /// <summary>Which part of the collection to do.</summary>
    public Shard Shard { get; init; } = Shard.Whole;

    /// <summary>Windows in one run of the image encoders, 1 or more.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>Pictures that are read and decoded at a time; 0: chosen by the number of processors.</summary>
    public int Decoders { get; init; }

    /// <summary>
    /// Workers that cut pictures into windows and encode them; pictures that are small share a run. On a GPU each has a context,
    /// a stream and encoders of its own. 0: one, on a GPU two.
    /// </summary>
    public int Encoders { get; init; }

    /// <summary>
    /// Pictures that the core works on at a time, each with memory of its own; on a GPU on the contexts of the encode workers. 0:
    /// chosen by the number of processors, on a GPU as many as encode workers.
    /// </summary>
    public int Solvers { get; init; }

    /// <summary>Pictures that are written at a time; 0: chosen by the number of processors.</summary>
    public int Writers { get; init; }

    /// <summary>Bytes that the pictures under way may take together, beside the encoders and the core; a picture that needs more goes alone.</summary>
    public long MemoryBudget { get; init; } = 1L << 30;

    /// <summary>Bytes of the largest picture file that is read.</summary>
    public long MostFileBytes { get; init; } = 1L << 30;

    /// <summary>Failed pictures after which the run stops; null for no limit.</summary>
    public int? MaxErrors { get; init; }

    /// <summary>Whether to do everything again, whatever the journal says.</summary>
    public bool Force { get; init; }

    /// <summary>Whether to compare the contents of results that are there with the journal, and not their sizes alone.</summary>
    public bool VerifyResults { get; init; }
}
