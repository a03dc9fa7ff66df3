using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lposs.Interop;

namespace Lposs;

/// <summary>How a solve by conjugate gradients went.</summary>
/// <param name="Steps">Steps taken, per column.</param>
/// <param name="Residuals">Final |r| / |y| by the solver's recurrence, per column.</param>
/// <param name="Converged">Columns that reached the tolerance; the others stopped after the most steps allowed.</param>
/// <param name="LargestResidual">The largest of <paramref name="Residuals"/>.</param>
/// <param name="Milliseconds">Of the solve.</param>
public sealed record SolveReport(
    ImmutableArray<int> Steps,
    ImmutableArray<float> Residuals,
    int Converged,
    float LargestResidual,
    double Milliseconds
)
{
    internal static SolveReport From(in NativeSolveReport report, int[] steps, float[] residuals) =>
        new(
            ImmutableCollectionsMarshal.AsImmutableArray(steps),
            ImmutableCollectionsMarshal.AsImmutableArray(residuals),
            report.Converged,
            report.LargestResidual,
            report.Milliseconds
        );
}

/// <summary>Milliseconds of the core's stages; 0 for a stage that the mode has not.</summary>
/// <param name="Similarity">Cosines of patches and prompts.</param>
/// <param name="PatchGraph">Nearest neighbours and their weights.</param>
/// <param name="PatchSolve">Propagation over patches.</param>
/// <param name="Stitch">Patch scores to pixel scores; when refining, reading the scores or labels.</param>
/// <param name="PixelGraph">Colours and weights of neighbouring pixels.</param>
/// <param name="PixelSolve">Propagation over pixels.</param>
/// <param name="Label">Merge of prompts, resize, largest score.</param>
/// <param name="Total">All of it.</param>
public sealed record CoreTimes(
    double Similarity,
    double PatchGraph,
    double PatchSolve,
    double Stitch,
    double PixelGraph,
    double PixelSolve,
    double Label,
    double Total
);

/// <summary>How the core segmented or refined an image.</summary>
/// <param name="Patch">The solve over patches, a column per prompt; null where there is none.</param>
/// <param name="Pixel">The solve over pixels, a column per prompt or refined class; null where there is none.</param>
/// <param name="Times">Milliseconds per stage.</param>
public sealed unsafe record SegmentReport(SolveReport? Patch, SolveReport? Pixel, CoreTimes Times)
{
    internal delegate void UseReport(NativeSegmentReport* report);

    /// <summary>Has a report filled by a call, with room for so many columns of each solve.</summary>
    internal static SegmentReport Fill(int columns, bool hasPatch, bool hasPixel, UseReport call)
    {
        int[] patchSteps = new int[columns],
            pixelSteps = new int[columns];
        float[] patchResiduals = new float[columns],
            pixelResiduals = new float[columns];
        NativeSegmentReport report;
        NativeMethods.SegmentReportInit(&report);
        fixed (
            int* patchStepData = patchSteps,
                pixelStepData = pixelSteps
        )
        fixed (
            float* patchResidualData = patchResiduals,
                pixelResidualData = pixelResiduals
        )
        {
            report.Patch.ColumnCapacity = columns;
            report.Patch.Steps = patchStepData;
            report.Patch.Residuals = patchResidualData;
            report.Pixel.ColumnCapacity = columns;
            report.Pixel.Steps = pixelStepData;
            report.Pixel.Residuals = pixelResidualData;
            call(&report);
        }
        return new SegmentReport(
            hasPatch ? SolveReport.From(report.Patch, patchSteps, patchResiduals) : null,
            hasPixel ? SolveReport.From(report.Pixel, pixelSteps, pixelResiduals) : null,
            new CoreTimes(
                report.SimilarityMs,
                report.PatchGraphMs,
                report.PatchSolveMs,
                report.StitchMs,
                report.PixelGraphMs,
                report.PixelSolveMs,
                report.LabelMs,
                report.TotalMs
            )
        );
    }
}
