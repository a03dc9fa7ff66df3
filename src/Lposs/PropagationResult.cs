using System.Collections.Immutable;
using Lposs.Imaging;

namespace Lposs;

/// <summary>What propagation made of anyone's encoder outputs, scores or labels.</summary>
public sealed record PropagationResult
{
    /// <summary>The label of every pixel: the class with the largest score, ties to the lower.</summary>
    public required LabelMap Labels { get; init; }

    /// <summary>[H', W', C]: scores on no absolute scale; null if not asked for.</summary>
    public NdArray<float>? Scores { get; init; }

    /// <summary>[H', W']: largest score minus second largest, 0 for one class; null if not asked for.</summary>
    public NdArray<float>? Confidence { get; init; }

    /// <summary>The label of each column of the scores: 0 to C - 1, or the labels that a refined label map
    /// had.</summary>
    public required ImmutableArray<int> ColumnLabels { get; init; }

    /// <summary>Milliseconds of each stage.</summary>
    public required CoreTimes Times { get; init; }

    /// <summary>The solve over patches; null where there is none.</summary>
    public SolveReport? PatchSolve { get; init; }

    /// <summary>The solve over pixels; null where there is none.</summary>
    public SolveReport? PixelSolve { get; init; }

    /// <summary>What was really computed on.</summary>
    public required ComputeDevice Device { get; init; }
}

/// <summary>A size in pixels.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct PixelSize(int Height, int Width);
