namespace Lposs.Batch;

/// <summary>How many pictures each stage works on at a time.</summary>
internal sealed record BatchWorkers(int Decoders, int Encoders, int Solvers, int Writers)
{
    private const int MostOfAStage = 256;

    /// <summary>
    /// As asked for; else few for the stages that are quick, and the core on every other processor. On a GPU two pictures are
    /// encoded and solved at a time, so that one's work is there while the other's is prepared, and decoding has more to feed.
    /// </summary>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public static BatchWorkers For(BatchOptions options, bool isOnDevice)
    {
        int processors = Environment.ProcessorCount;
        int encoders = Checked(options.Encoders, nameof(options.Encoders), isOnDevice ? 2 : 1);
        return new BatchWorkers(
            Checked(options.Decoders, nameof(options.Decoders), isOnDevice ? Math.Clamp(processors / 2, 1, 16) : Math.Clamp(processors / 4, 1, 8)),
            encoders,
            Checked(options.Solvers, nameof(options.Solvers), isOnDevice ? encoders : Math.Max(1, processors / 2)),
            Checked(options.Writers, nameof(options.Writers), Math.Clamp(processors / 4, 1, 8)));
    }

    private static int Checked(int asked, string name, int own) => asked switch
    {
        0 => own,
        >= 1 and <= MostOfAStage => asked,
        _ => throw new ArgumentException($"{name} is {asked}; it may be 1 to {MostOfAStage}, or 0 to be chosen."),
    };
}
