namespace Lposs.Batch;

/// <summary>How many pictures each stage works on at a time.</summary>
internal sealed record BatchWorkers(int Decoders, int Encoders, int Solvers, int Writers)
{
    private const int MostOfAStage = 256;

    /// <summary>As asked for; else few for the stages that are quick, and the core on every other processor.</summary>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public static BatchWorkers For(BatchOptions options)
    {
        int processors = Environment.ProcessorCount;
        return new BatchWorkers(
            Checked(options.Decoders, nameof(options.Decoders), Math.Clamp(processors / 4, 1, 8)),
            Checked(options.Encoders, nameof(options.Encoders), 1),
            Checked(options.Solvers, nameof(options.Solvers), Math.Max(1, processors / 2)),
            Checked(options.Writers, nameof(options.Writers), Math.Clamp(processors / 4, 1, 8)));
    }

    private static int Checked(int asked, string name, int own) => asked switch
    {
        0 => own,
        >= 1 and <= MostOfAStage => asked,
        _ => throw new ArgumentException($"{name} is {asked}; it may be 1 to {MostOfAStage}, or 0 to be chosen."),
    };
}
