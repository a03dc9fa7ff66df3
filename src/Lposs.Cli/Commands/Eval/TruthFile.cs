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

/// <summary>Which labels the truth holds, and what of it does not count; threads may add side by side.</summary>
internal sealed class SeenTruth
{
    private const int MostNamed = 5;

    private readonly Lock _guard = new();
    private readonly bool[] _occurs = new bool[ushort.MaxValue + 1];
    private long _pixels;
    private long _ignored;

    public void Add(LabelMap truth, int ignore)
    {
        var values = truth.Labels.Span;
        lock (_guard)
        {
            foreach (ushort label in values)
                _occurs[label] = true;
            _pixels += values.Length;
            _ignored += ignore <= ushort.MaxValue ? values.Count((ushort)ignore) : 0;
        }
    }

    /// <summary>The share of the truth that does not count, 0 to 1.</summary>
    public double IgnoredShare => _pixels == 0 ? 0 : (double)_ignored / _pixels;

    /// <summary>What a user should know before believing the figures, in sentences.</summary>
    public IEnumerable<string> Warnings(IReadOnlyList<string> names, int ignore)
    {
        string[] missing = [.. names.Where((_, label) => !_occurs[label]).Select(name => $"'{name}'")];
        if (missing.Length > 0)
            yield return $"the truth never holds {string.Join(", ", missing.Take(MostNamed))}"
                + (missing.Length > MostNamed ? $" and {missing.Length - MostNamed} more classes" : "")
                + "; means are over the other classes";
        if (_ignored > 0 && _occurs[0] && names.Skip(1).Where((_, i) => _occurs[i + 1]).FirstOrDefault() is null)
            yield return $"the truth holds 0 and {ignore} alone, as masks do whose object is {ignore}; {ignore} does "
                + "not count here, so label the object 1";
    }
}
