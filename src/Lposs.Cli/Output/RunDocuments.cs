using Lposs.Encoding;
using Lposs.Segmentation;

namespace Lposs.Cli.Output;

/// <summary>What a run really computed on.</summary>
/// <param name="Core">"cpu" or "cuda": where the core computed.</param>
/// <param name="Name">The processor or card.</param>
/// <param name="Backend">Such as "cpu avx512".</param>
/// <param name="Threads">Threads of the core; 1 on CUDA.</param>
/// <param name="Encoders">"cpu" or "cuda": where the encoders ran; left out where none did.</param>
/// <param name="Reason">Why.</param>
internal sealed record UsedDeviceDocument(string Core, string Name, string Backend, int Threads, string? Encoders, string Reason)
{
    public static UsedDeviceDocument Of(ComputeDevice device) => new(
        device.Core == LpossDevice.Cuda ? "cuda" : "cpu", device.Name, device.Backend, device.Threads,
        device.Encoders switch { null => null, EncoderDevice.Cuda => "cuda", _ => "cpu" }, device.Reason);

    /// <summary>Such as "core on cpu (AMD EPYC 9654, cpu avx512, 2 threads), encoders on cpu", and why where it was not asked for.</summary>
    public override string ToString()
    {
        string threads = Core == "cpu" ? Threads == 1 ? ", 1 thread" : $", {Threads} threads" : "";
        string core = $"{Core} ({Name}, {Backend}{threads})";
        string used = Encoders is null ? core : $"core on {core}, encoders on {Encoders}";
        return Reason == ComputeDevice.AskedFor ? used : $"{used}; {Reason}";
    }
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
    public static SolvesDocument Of(SolveReport? patch, SolveReport? pixel) => new(SolveDocument.Of(patch), SolveDocument.Of(pixel));
}
