using Lposs.Encoders;

namespace Lposs.Tools.Batch;

/// <summary>How to segment a collection.</summary>
public sealed record BatchOptions
{
    /// <summary>The folder of the results.</summary>
    public required string Output { get; init; }

    /// <summary>What to compute on. <see cref="ComputeOptions.Threads"/> are those of the image encoders; each solver
    /// has one of its own.</summary>
    public ComputeOptions Compute { get; init; } = new();

    /// <summary>How to segment an image; what the formats need is added.</summary>
    public SegmentationSettings Settings { get; init; } = new();

    /// <summary>Limits of the images.</summary>
    public ImageReadOptions Images { get; init; } = new();

    /// <summary>Which part of the collection to do.</summary>
    public Shard Shard { get; init; } = Shard.Whole;

    /// <inheritdoc cref="SegmenterOptions.BatchSize"/>
    public int BatchSize { get; init; } = 8;

    /// <inheritdoc cref="SegmenterOptions.PromptCache"/>
    public PromptCache? PromptCache { get; init; }

    /// <summary>Images that are read and decoded at a time; 0: chosen by the number of processors.</summary>
    public int Decoders { get; init; }

    /// <summary>
    /// Workers that cut images into windows and encode them; images that are small share a batch. On a GPU each has a
    /// context, a stream and encoders of its own. 0: one, on a GPU two.
    /// </summary>
    public int Encoders { get; init; }

    /// <summary>
    /// Images that the core works on at a time, each with memory of its own; on a GPU on the contexts of the encode
    /// workers. 0: chosen by the number of processors, on a GPU as many as encode workers.
    /// </summary>
    public int Solvers { get; init; }

    /// <summary>Images that are written at a time; 0: chosen by the number of processors.</summary>
    public int Writers { get; init; }

    /// <summary>Bytes that the images under way may take together, beside the encoders and the core; an image that
    /// needs more goes alone.</summary>
    public long MemoryBudget { get; init; } = 1L << 30;

    /// <summary>Bytes of the largest image file that is read.</summary>
    public long MostFileBytes { get; init; } = 1L << 30;

    /// <summary>Failed images after which the batch stops; null for no limit.</summary>
    public int? MaxErrors { get; init; }

    /// <summary>Whether to do everything again, whatever the journal says.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Whether to compare the contents of results that are there with the journal, and not their sizes
    /// alone.</summary>
    public bool VerifyResults { get; init; }
}

/// <summary>How many images each stage works on at a time.</summary>
internal sealed record BatchWorkers(int Decoders, int Encoders, int Solvers, int Writers)
{
    private const int MostOfAStage = 256;

    /// <summary>
    /// As asked for; else few for the stages that are quick, and the core on every other processor. On a GPU two images
    /// are encoded and solved at a time, so that one's work is there while the other's is prepared, and decoding has
    /// more to feed.
    /// </summary>
    /// <exception cref="LpossException">A number is out of range.</exception>
    public static BatchWorkers For(BatchOptions options, bool isOnDevice)
    {
        int processors = Environment.ProcessorCount;
        int encoders = Checked(options.Encoders, nameof(options.Encoders), isOnDevice ? 2 : 1);
        return new BatchWorkers(
            Checked(
                options.Decoders,
                nameof(options.Decoders),
                isOnDevice ? Math.Clamp(processors / 2, 1, 16) : Math.Clamp(processors / 4, 1, 8)
            ),
            encoders,
            Checked(options.Solvers, nameof(options.Solvers), isOnDevice ? encoders : Math.Max(1, processors / 2)),
            Checked(options.Writers, nameof(options.Writers), Math.Clamp(processors / 4, 1, 8))
        );
    }

    private static int Checked(int asked, string name, int own) =>
        asked switch
        {
            0 => own,
            >= 1 and <= MostOfAStage => asked,
            _ => throw LpossException.OutOfRange(name, asked, $"1 to {MostOfAStage}, or 0 to be chosen"),
        };
}
