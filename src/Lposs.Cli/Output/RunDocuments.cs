using Lposs.Bundles;
using Lposs.Cli.Options;
using Lposs.Encoders;

namespace Lposs.Cli.Output;

/// <summary>What a run really computed on.</summary>
/// <param name="Core">"cpu" or "cuda": where the core computed.</param>
/// <param name="Name">The processor or card.</param>
/// <param name="Backend">Such as "cpu avx512".</param>
/// <param name="Threads">Threads of the core; 1 on CUDA.</param>
/// <param name="Encoders">"cpu" or "cuda": where the encoders ran; left out where none did.</param>
/// <param name="Reason">Why.</param>
internal sealed record UsedDeviceDocument(
    string Core,
    string Name,
    string Backend,
    int Threads,
    string? Encoders,
    string Reason
)
{
    public static UsedDeviceDocument Of(ComputeDevice device) =>
        new(
            device.Core == LpossDevice.Cuda ? "cuda" : "cpu",
            device.Name,
            device.Backend,
            device.Threads,
            device.Encoders switch
            {
                null => null,
                EncoderDevice.Cuda => "cuda",
                _ => "cpu",
            },
            device.Reason
        );

    /// <summary>Such as "core on cpu (AMD EPYC 9654, cpu avx512, 2 threads), encoders on cpu", and why where a user
    /// would wonder: with --verbose, or where a build with CUDA computes on the processor.</summary>
    public string Text(bool isVerbose)
    {
        string threads =
            Core == "cpu"
                ? Threads == 1
                    ? ", 1 thread"
                    : $", {Threads} threads"
                : "";
        string core = $"{Core} ({Name}, {Backend}{threads})";
        string used = Encoders is null ? core : $"core on {core}, encoders on {Encoders}";
        bool isFallBack = Core == "cpu" ? CudaBuild.IsHere : Encoders == "cpu";
        return Reason != ComputeDevice.AskedFor && (isVerbose || isFallBack) ? $"{used}; {Reason}" : used;
    }
}

/// <summary>How a solve went.</summary>
/// <param name="Steps">The most steps of a column.</param>
/// <param name="Columns">Columns: prompts, or classes when refining.</param>
/// <param name="Converged">Columns that reached the tolerance.</param>
/// <param name="LargestResidual">The largest relative residual of a column.</param>
/// <param name="Residuals">Per column.</param>
internal sealed record SolveDocument(
    int Steps,
    int Columns,
    int Converged,
    float LargestResidual,
    IReadOnlyList<float> Residuals
)
{
    public static SolveDocument? Of(SolveReport? report) =>
        report is null
            ? null
            : new SolveDocument(
                report.Steps.DefaultIfEmpty().Max(),
                report.Steps.Length,
                report.Converged,
                report.LargestResidual,
                report.Residuals
            );
}

/// <summary>The solves of a run; null for one that it has not.</summary>
internal sealed record SolvesDocument(SolveDocument? Patch, SolveDocument? Pixel)
{
    public static SolvesDocument Of(SolveReport? patch, SolveReport? pixel) =>
        new(SolveDocument.Of(patch), SolveDocument.Of(pixel));
}

/// <param name="Name">The bundle's name.</param>
/// <param name="Folder">Where it is.</param>
/// <param name="Templates">The sentences that prompts were put into.</param>
/// <param name="Vm">Whose features the patch graph compared: "model", the vision model's, or "vlm".</param>
internal sealed record UsedModelDocument(string Name, string Folder, IReadOnlyList<string> Templates, string Vm)
{
    public static UsedModelDocument Of(ModelBundle bundle, AppearanceFeatures appearance) =>
        new(bundle.Name, bundle.Folder, bundle.Text.Templates, ModelOptions.Word(appearance));
}

/// <param name="Id">The value in label maps.</param>
/// <param name="Name">The name.</param>
/// <param name="Prompts">What the text encoder was asked for.</param>
/// <param name="Colour">"#rrggbb".</param>
internal sealed record ClassDocument(int Id, string Name, IReadOnlyList<string> Prompts, string Colour)
{
    public static ClassDocument Of(SegmentationClass c) => new(c.Id, c.Name, c.Prompts, c.Colour.ToString());
}

/// <summary>Whether this build has the core's CUDA backend; where it has none, nobody expects a GPU to be
/// used.</summary>
internal static class CudaBuild
{
    /// <summary>The backend's file: that which the environment names, else that beside the program.</summary>
    public static string Library { get; } =
        Environment.GetEnvironmentVariable("LPOSS_CUDA_LIBRARY") is { Length: > 0 } chosen
            ? chosen
            : Path.Combine(AppContext.BaseDirectory, "liblposs_cuda.so");

    public static bool IsHere => File.Exists(Library);
}
