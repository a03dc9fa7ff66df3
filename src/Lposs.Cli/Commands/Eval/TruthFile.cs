using Lposs.Cli.Files;
using Lposs.Imaging;
using Lposs.Tools.Evaluation;

namespace Lposs.Cli.Commands.Eval;

/// <summary>True label maps as evaluation takes them.</summary>
internal static class TruthFile
{
    /// <summary>Reads the true labels of an image.</summary>
    /// <param name="path">The file.</param>
    /// <param name="reducesZero">Whether the label 0 is no class and all others are one less.</param>
    /// <param name="ignore">The label that does not count.</param>
    /// <param name="classCount">Labels from 0 to one less are the classes.</param>
    /// <param name="limits">Limits of the file.</param>
    /// <exception cref="InputException">It has another label.</exception>
    public static LabelMap Read(string path, bool reducesZero, int ignore, int classCount, ImageReadOptions limits)
    {
        var truth = ArrayInputs.ReadLabels(path, limits);
        if (reducesZero)
            truth = LabelPairs.ReduceZeroLabel(truth, ignore);
        foreach (ushort label in truth.Labels.Span)
        {
            if (label >= classCount && label != ignore)
                throw new InputException(
                    $"'{path}' has the label {label}{(reducesZero ? " (less one)" : "")}; it may be 0 to "
                        + $"{classCount - 1}, or {ignore} to be ignored"
                );
        }
        return truth;
    }

    /// <exception cref="InputException">The sizes differ.</exception>
    public static void RequireSize(string truthPath, LabelMap truth, string path, int width, int height)
    {
        if (truth.Width != width || truth.Height != height)
            throw new InputException(
                $"'{path}' has {width} x {height} pixels, and '{truthPath}' {truth.Width} x {truth.Height}; they must "
                    + "have the same"
            );
    }
}

/// <summary>What a user should know of the truth before believing the figures.</summary>
/// <param name="counts">Of the whole set.</param>
/// <param name="pixels">All that the truth has, those that do not count among them.</param>
internal sealed class TruthSummary(ConfusionMatrix counts, long pixels)
{
    private const int MostNamed = 5;

    /// <summary>The share of the truth that does not count, 0 to 1.</summary>
    public double IgnoredShare => pixels == 0 ? 0 : (double)Ignored / pixels;

    // A label is a class or ignored; others are refused.
    private long Ignored => pixels - counts.PixelCount;

    /// <summary>In sentences.</summary>
    public IEnumerable<string> Warnings(IReadOnlyList<string> names)
    {
        string[] missing = [.. names.Where((_, label) => counts.TruePixels(label) == 0).Select(name => $"'{name}'")];
        if (missing.Length > 0)
            yield return $"the truth never holds {string.Join(", ", missing.Take(MostNamed))}"
                + (missing.Length > MostNamed ? $" and {missing.Length - MostNamed} more classes" : "")
                + "; means are over the other classes";
        if (Ignored > 0 && counts.TruePixels(0) > 0 && counts.TruePixels(0) == counts.PixelCount)
            yield return $"the truth holds 0 and {counts.Ignore} alone, as masks do whose object is {counts.Ignore}; "
                + $"{counts.Ignore} does not count here, so label the object 1";
    }
}
