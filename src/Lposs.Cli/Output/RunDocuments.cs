namespace Lposs.Cli.Output;

/// <summary>What a run really computed on.</summary>
/// <param name="Device">"cpu" or "cuda".</param>
/// <param name="Name">The processor or card.</param>
/// <param name="Backend">Such as "cpu avx512".</param>
/// <param name="Threads">CPU threads of the core.</param>
internal sealed record UsedDeviceDocument(string Device, string Name, string Backend, int Threads)
{
    public static UsedDeviceDocument Of(LpossContextInfo info) =>
        new(Word(info.Device), info.DeviceName, info.Backend, info.Threads);

    /// <summary>Such as "cpu (AMD EPYC 9654, cpu avx512, 2 threads)".</summary>
    public override string ToString() =>
        $"{Device} ({Name}, {Backend}{(Device == "cpu" ? $", {Threads} threads" : "")})";

    private static string Word(LpossDevice device) => device == LpossDevice.Cuda ? "cuda" : "cpu";
}

/// <summary>How a solve went.</summary>
/// <param name="Steps">The most steps of a column.</param>
/// <param name="Columns">Columns: prompts, or classes when refining.</param>
/// <param name="Converged">Columns that reached the tolerance.</param>
/// <param name="LargestResidual">The largest relative residual of a column.</param>
/// <param name="Residuals">Per column.</param>
internal sealed record SolveDocument(
    int Steps, int Columns, int Converged, float LargestResidual, IReadOnlyList<float> Residuals)
{
    public static SolveDocument? Of(SolveReport? report) => report is null ? null : new SolveDocument(
        report.Steps.DefaultIfEmpty().Max(), report.Steps.Length, report.Converged, report.LargestResidual, report.Residuals);
}

/// <summary>The solves of a run; null for one that it has not.</summary>
internal sealed record SolvesDocument(SolveDocument? Patch, SolveDocument? Pixel)
{
    public static SolvesDocument Of(SegmentReport report) => new(SolveDocument.Of(report.Patch), SolveDocument.Of(report.Pixel));
}
