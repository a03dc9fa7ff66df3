using System.Collections.Immutable;
using System.Numerics;

namespace Lposs.Tools.Evaluation;

/// <summary>
/// Boundary IoU (Cheng, Girshick, Dollár, Berg, Kirillov, "Boundary IoU: Improving Object-Centric Image Segmentation
/// Evaluation", CVPR 2021) over a set of images: intersection over union of the boundaries of each class, a boundary
/// being the class's pixels within a distance d of its outline, that is its mask minus the mask eroded d times by a 3 x
/// 3 square, the image's edge counting as outline. Intersections and unions are summed over the set. Where the truth is
/// to be ignored, prediction and truth are both "no class". Not thread-safe.
/// </summary>
public sealed class BoundaryIoU
{
    /// <summary>The published distance: 0.02 of the image's diagonal.</summary>
    public const double PublishedDilationRatio = 0.02;

    private readonly long[] _intersections;
    private readonly long[] _unions;

    /// <param name="classCount">C: labels 0 to C - 1 are the classes.</param>
    /// <param name="ignore">The true label that does not count.</param>
    /// <param name="dilationRatio">d as a share of the image's diagonal, rounded, at least one pixel.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public BoundaryIoU(int classCount, int ignore = 255, double dilationRatio = PublishedDilationRatio)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classCount, ushort.MaxValue + 1);
        if (!(dilationRatio > 0 && dilationRatio <= 1))
            throw new ArgumentOutOfRangeException(
                nameof(dilationRatio),
                $"dilationRatio is {dilationRatio}; it may be above 0 and up to 1."
            );
        ClassCount = classCount;
        Ignore = ignore;
        DilationRatio = dilationRatio;
        _intersections = new long[classCount];
        _unions = new long[classCount];
    }

    /// <summary>C.</summary>
    public int ClassCount { get; }

    /// <summary>The true label that does not count.</summary>
    public int Ignore { get; }

    /// <summary>d as a share of the image's diagonal.</summary>
    public double DilationRatio { get; }

    /// <summary>Boundary IoU per class; NaN for a class that occurs neither in truth nor in prediction.</summary>
    public ImmutableArray<double> PerClass =>
        [.. _intersections.Zip(_unions, (intersection, union) => (double)intersection / union)];

    /// <summary>The mean of <see cref="PerClass"/> over the classes that occur; NaN if none does.</summary>
    public double Mean => Ratios.MeanOfDefined(PerClass);

    /// <summary>Adds the counts of another set of images.</summary>
    /// <exception cref="ArgumentException">It has other classes or another distance.</exception>
    public void Add(BoundaryIoU other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.ClassCount != ClassCount || other.Ignore != Ignore || other.DilationRatio != DilationRatio)
            throw new ArgumentException(
                "other counts other classes, ignores another label or has another dilationRatio.",
                nameof(other)
            );
        for (int c = 0; c < ClassCount; c++)
        {
            _intersections[c] += other._intersections[c];
            _unions[c] += other._unions[c];
        }
    }

    /// <summary>Counts the boundaries of one image.</summary>
    /// <param name="truth">0 to C - 1 or <see cref="Ignore"/>.</param>
    /// <param name="prediction">Of the same size.</param>
    /// <exception cref="LpossException">The sizes differ, or a true label is neither a class nor to be
    /// ignored.</exception>
    public void Add(LabelMap truth, LabelMap prediction)
    {
        TruthLabels.Require(truth, prediction, ClassCount, Ignore);
        int distance = DistanceFor(truth.Width, truth.Height);
        int[] trueLabels = Labels(truth, truth);
        int[] predicted = Labels(prediction, truth);
        KeepBoundary(trueLabels, truth.Width, truth.Height, distance);
        KeepBoundary(predicted, truth.Width, truth.Height, distance);
        for (int i = 0; i < trueLabels.Length; i++)
        {
            int isTrue = trueLabels[i],
                isPredicted = predicted[i];
            if (isTrue >= 0)
                _unions[isTrue]++;
            if (isTrue == isPredicted)
            {
                if (isTrue >= 0)
                    _intersections[isTrue]++;
            }
            else if (isPredicted >= 0)
            {
                _unions[isPredicted]++;
            }
        }
    }

    internal int DistanceFor(int width, int height) =>
        Math.Max(1, (int)Math.Round(DilationRatio * Math.Sqrt((double)width * width + (double)height * height)));

    /// <summary>
    /// Leaves the labels of pixels on the boundary of their own label, those whose (2 distance + 1)^2 square holds
    /// another label or leaves the image; makes all others -1. A square is of one label if its rows are, each about its
    /// own middle, and the column of these middles is; so one sweep from top to bottom does it for all labels at once,
    /// with run lengths along the row and, in every column, the number of such middles of one label on top of each
    /// other.
    /// </summary>
    internal static void KeepBoundary(int[] labels, int width, int height, int distance)
    {
        int[] isMiddle = new int[width];
        int[] middles = new int[width];
        for (int y = 0; y < height; y++)
        {
            var row = labels.AsSpan(y * width, width);
            MarkMiddles(row, isMiddle, distance);
            CountMiddles(isMiddle, row, y == 0 ? row : labels.AsSpan((y - 1) * width, width), middles);
            // Rows above this one are not looked at again.
            if (y >= 2 * distance)
                EraseInside(labels.AsSpan((y - distance) * width, width), middles, 2 * distance);
        }
    }

    /// <summary>-1 for each pixel of a row that has <paramref name="distance"/> pixels of its own label on both sides,
    /// else 0.</summary>
    private static void MarkMiddles(ReadOnlySpan<int> row, Span<int> isMiddle, int distance)
    {
        isMiddle.Clear();
        for (int first = 0; first < row.Length;)
        {
            int length = row[first..].IndexOfAnyExcept(row[first]);
            int end = length < 0 ? row.Length : first + length;
            if (end - first > 2 * distance)
                isMiddle[(first + distance)..(end - distance)].Fill(-1);
            first = end;
        }
    }

    /// <summary>How many middles of one label end in each column at this row, its own included; 0 where it is
    /// none.</summary>
    private static void CountMiddles(
        ReadOnlySpan<int> isMiddle,
        ReadOnlySpan<int> row,
        ReadOnlySpan<int> rowAbove,
        Span<int> counts
    )
    {
        int x = 0;
        for (; x <= counts.Length - Vector<int>.Count; x += Vector<int>.Count)
        {
            var goesOn = Vector.Equals(new Vector<int>(row[x..]), new Vector<int>(rowAbove[x..]));
            var count = (new Vector<int>(counts[x..]) & goesOn) + Vector<int>.One;
            (count & new Vector<int>(isMiddle[x..])).CopyTo(counts[x..]);
        }
        for (; x < counts.Length; x++)
            counts[x] = ((row[x] == rowAbove[x] ? counts[x] : 0) + 1) & isMiddle[x];
    }

    /// <summary>-1 where there are more than <paramref name="most"/> middles.</summary>
    private static void EraseInside(Span<int> labels, ReadOnlySpan<int> middles, int most)
    {
        int x = 0;
        for (; x <= labels.Length - Vector<int>.Count; x += Vector<int>.Count)
            (
                new Vector<int>(labels[x..]) | Vector.GreaterThan(new Vector<int>(middles[x..]), new Vector<int>(most))
            ).CopyTo(labels[x..]);
        for (; x < labels.Length; x++)
            labels[x] = middles[x] > most ? -1 : labels[x];
    }

    /// <summary>Labels, -1 where they are no class or the truth is to be ignored.</summary>
    private int[] Labels(LabelMap labels, LabelMap truth)
    {
        var own = labels.Labels.Span;
        var trueLabels = truth.Labels.Span;
        int[] result = new int[own.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = trueLabels[i] == Ignore || own[i] >= ClassCount ? -1 : own[i];
        return result;
    }
}
