using System.Collections.Immutable;

namespace Lposs.Tools.Evaluation;

/// <summary>
/// Pixels of a set of images by true and predicted class, and the field's measures of them. Pixels whose true label is
/// to be ignored do not count; a predicted label that is no class counts as wrong. Not thread-safe.
/// </summary>
public sealed class ConfusionMatrix
{
    private readonly long[] _counts;

    /// <param name="classCount">C: labels 0 to C - 1 are the classes.</param>
    /// <param name="ignore">The true label that does not count.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no class, or there are more than 65536.</exception>
    public ConfusionMatrix(int classCount, int ignore = 255)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classCount, ushort.MaxValue + 1);
        ClassCount = classCount;
        Ignore = ignore;
        _counts = new long[checked(classCount * (classCount + 1))];
    }

    /// <summary>C.</summary>
    public int ClassCount { get; }

    /// <summary>The true label that does not count.</summary>
    public int Ignore { get; }

    /// <summary>Pixels of one class that were given another.</summary>
    /// <param name="truth">0 to C - 1.</param>
    /// <param name="prediction">0 to C - 1, or C for labels that are no class.</param>
    public long this[int truth, int prediction]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(truth);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(truth, ClassCount);
            ArgumentOutOfRangeException.ThrowIfNegative(prediction);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(prediction, ClassCount);
            return _counts[truth * (ClassCount + 1) + prediction];
        }
    }

    /// <summary>Pixels that count.</summary>
    public long PixelCount => _counts.Sum();

    /// <summary>Pixels with the right label among those that count; NaN if none does.</summary>
    public double PixelAccuracy => (double)Enumerable.Range(0, ClassCount).Sum(c => this[c, c]) / PixelCount;

    /// <summary>
    /// Intersection over union per class: pixels that are and were called so, among those that are or were called so;
    /// NaN for a class that occurs in neither.
    /// </summary>
    public ImmutableArray<double> IntersectionOverUnion
    {
        get
        {
            var ratios = ImmutableArray.CreateBuilder<double>(ClassCount);
            for (int c = 0; c < ClassCount; c++)
            {
                long union = -this[c, c];
                for (int other = 0; other < ClassCount; other++)
                    union += this[c, other] + this[other, c];
                union += this[c, ClassCount];
                ratios.Add((double)this[c, c] / union);
            }
            return ratios.MoveToImmutable();
        }
    }

    /// <summary>The mean of <see cref="IntersectionOverUnion"/> over the classes that occur; NaN if none
    /// does.</summary>
    public double MeanIntersectionOverUnion => Ratios.MeanOfDefined(IntersectionOverUnion);

    /// <summary>Pixels whose true class is this.</summary>
    public long TruePixels(int truth) => Enumerable.Range(0, ClassCount + 1).Sum(prediction => this[truth, prediction]);

    /// <summary>Adds the counts of another set of images.</summary>
    /// <exception cref="ArgumentException">It has other classes.</exception>
    public void Add(ConfusionMatrix other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.ClassCount != ClassCount || other.Ignore != Ignore)
            throw new ArgumentException(
                $"other has {other.ClassCount} classes and ignores {other.Ignore}; it must have {ClassCount} and "
                    + $"ignore {Ignore}.",
                nameof(other)
            );
        for (int i = 0; i < _counts.Length; i++)
            _counts[i] += other._counts[i];
    }

    /// <summary>Counts the pixels of one image.</summary>
    /// <param name="truth">0 to C - 1 or <see cref="Ignore"/>.</param>
    /// <param name="prediction">Of the same size.</param>
    /// <exception cref="LpossException">The sizes differ, or a true label is neither a class nor to be
    /// ignored.</exception>
    public void Add(LabelMap truth, LabelMap prediction)
    {
        TruthLabels.Require(truth, prediction, ClassCount, Ignore);
        var trueLabels = truth.Labels.Span;
        var predicted = prediction.Labels.Span;
        for (int i = 0; i < trueLabels.Length; i++)
        {
            if (trueLabels[i] != Ignore)
                _counts[trueLabels[i] * (ClassCount + 1) + Math.Min(predicted[i], ClassCount)]++;
        }
    }
}
