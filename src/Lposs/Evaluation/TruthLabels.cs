using Lposs.Imaging;

namespace Lposs.Evaluation;

/// <summary>What a true label map and a prediction must have in common to be compared.</summary>
internal static class TruthLabels
{
    /// <exception cref="ArgumentException">The sizes differ, or a true label is neither a class nor to be ignored.</exception>
    public static void Require(LabelMap truth, LabelMap prediction, int classCount, int ignore)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(prediction);
        if (truth.Width != prediction.Width || truth.Height != prediction.Height)
            throw new ArgumentException(
                $"prediction has {prediction.Width} x {prediction.Height} pixels; it must have the {truth.Width} x {truth.Height} of truth.",
                nameof(prediction));
        foreach (ushort label in truth.Labels.Span)
        {
            if (label >= classCount && label != ignore)
                throw new ArgumentException($"truth has the label {label}; it may be 0 to {classCount - 1}, or {ignore} to be ignored.", nameof(truth));
        }
    }
}
