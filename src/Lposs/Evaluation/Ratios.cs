using System.Collections.Immutable;

namespace Lposs.Evaluation;

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
