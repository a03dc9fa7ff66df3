using System.Collections.Immutable;

namespace Lposs.Tools.Evaluation;

/// <summary>What a true label map and a prediction must have in common to be compared.</summary>
internal static class TruthLabels
{
    /// <exception cref="LpossException">The sizes differ, or a true label is neither a class nor to be
    /// ignored.</exception>
    public static void Require(LabelMap truth, LabelMap prediction, int classCount, int ignore)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(prediction);
        if (truth.Width != prediction.Width || truth.Height != prediction.Height)
            throw new LpossException(
                LpossErrorCode.InvalidDataset,
                $"prediction has {prediction.Width} x {prediction.Height} pixels; it must have the {truth.Width} x "
                    + $"{truth.Height} of truth."
            );
        foreach (ushort label in truth.Labels.Span)
        {
            if (label >= classCount && label != ignore)
                throw new LpossException(
                    LpossErrorCode.InvalidDataset,
                    $"truth has the label {label}; it may be 0 to {classCount - 1}, or {ignore} to be ignored."
                );
        }
    }
}

/// <summary>Ratios per class, undefined (NaN) for classes that do not occur.</summary>
internal static class Ratios
{
    /// <summary>The mean of those that are defined; NaN if none is.</summary>
    public static double MeanOfDefined(ImmutableArray<double> ratios)
    {
        double[] defined = [.. ratios.Where(ratio => !double.IsNaN(ratio))];
        return defined.Length == 0 ? double.NaN : defined.Average();
    }
}
