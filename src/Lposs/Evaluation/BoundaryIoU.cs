using System.Collections.Immutable;
using Lposs.Imaging;

namespace Lposs.Evaluation;

/// <summary>
/// Boundary IoU (Cheng, Girshick, Dollár, Berg, Kirillov, "Boundary IoU: Improving Object-Centric Image Segmentation
/// Evaluation", CVPR 2021) over a set of pictures: intersection over union of the boundaries of each class, a
/// boundary being the class's pixels within a distance d of its outline, that is its mask minus the mask eroded d
/// times by a 3 x 3 square, the picture's edge counting as outline. Intersections and unions are summed over the set.
/// Where the truth is to be ignored, prediction and truth are both "no class". Not thread-safe.
/// </summary>
public sealed class BoundaryIoU
{
    /// <summary>The published distance: 0.02 of the picture's diagonal.</summary>
    public const double PublishedDilationRatio = 0.02;

    private readonly long[] _intersections;
    private readonly long[] _unions;

    /// <param name="classCount">C: labels 0 to C - 1 are the classes.</param>
    /// <param name="ignore">The true label that does not count.</param>
    /// <param name="dilationRatio">d as a share of the picture's diagonal, rounded, at least one pixel.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public BoundaryIoU(int classCount, int ignore = 255, double dilationRatio = PublishedDilationRatio)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classCount, ushort.MaxValue + 1);
        if (!(dilationRatio > 0 && dilationRatio <= 1))
            throw new ArgumentOutOfRangeException(nameof(dilationRatio), $"dilationRatio is {dilationRatio}; it may be above 0 and up to 1.");
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

    /// <summary>d as a share of the picture's diagonal.</summary>
    public double DilationRatio { get; }

    /// <summary>Boundary IoU per class; NaN for a class that occurs neither in truth nor in prediction.</summary>
    public ImmutableArray<double> PerClass =>
        [.. _intersections.Zip(_unions, (intersection, union) => (double)intersection / union)];

    /// <summary>The mean of <see cref="PerClass"/> over the classes that occur; NaN if none does.</summary>
    public double Mean => Ratios.MeanOfDefined(PerClass);

    /// <summary>Adds the counts of another set of pictures.</summary>
    /// <exception cref="ArgumentException">It has other classes or another distance.</exception>
    public void Add(BoundaryIoU other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.ClassCount != ClassCount || other.Ignore != Ignore || other.DilationRatio != DilationRatio)
            throw new ArgumentException("other counts other classes, ignores another label or has another dilationRatio.", nameof(other));
        for (int c = 0; c < ClassCount; c++)
        {
            _intersections[c] += other._intersections[c];
            _unions[c] += other._unions[c];
        }
    }

    /// <summary>Counts the boundaries of one picture.</summary>
    /// <param name="truth">0 to C - 1 or <see cref="Ignore"/>.</param>
    /// <param name="prediction">Of the same size.</param>
    /// <exception cref="ArgumentException">The sizes differ, or a true label is neither a class nor to be ignored.</exception>
    public void Add(LabelMap truth, LabelMap prediction)
    {
        TruthLabels.Require(truth, prediction, ClassCount, Ignore);
        int distance = DistanceFor(truth.Width, truth.Height);
        int[] trueLabels = Labels(truth, truth);
        int[] predicted = Labels(prediction, truth);
        bool[] trueBoundary = BoundaryOf(trueLabels, truth.Width, truth.Height, distance);
        bool[] predictedBoundary = BoundaryOf(predicted, truth.Width, truth.Height, distance);
        for (int i = 0; i < trueLabels.Length; i++)
        {
            bool isTrue = trueBoundary[i] && trueLabels[i] >= 0;
            bool isPredicted = predictedBoundary[i] && predicted[i] >= 0;
            if (isTrue && isPredicted && trueLabels[i] == predicted[i])
            {
                _intersections[trueLabels[i]]++;
                _unions[trueLabels[i]]++;
                continue;
            }
            if (isTrue)
                _unions[trueLabels[i]]++;
            if (isPredicted)
                _unions[predicted[i]]++;
        }
    }

    internal int DistanceFor(int width, int height) =>
        Math.Max(1, (int)Math.Round(DilationRatio * Math.Sqrt((double)width * width + (double)height * height)));

    /// <summary>
    /// Which pixels lie on the boundary of their own label: those whose (2 distance + 1)^2 square holds another label
    /// or leaves the picture. A square is of one label if its rows are, each about its own middle, and the column of
    /// these middles is; so two passes of run lengths do it for all labels at once.
    /// </summary>
    internal static bool[] BoundaryOf(int[] labels, int width, int height, int distance)
    {
        // In a row, inside: as many equal labels on both sides.
        var rowIsUniform = new bool[labels.Length];
        for (int y = 0; y < height; y++)
            MarkMiddles(labels, rowIsUniform, y * width, 1, width, distance, null);
        var boundary = new bool[labels.Length];
        for (int x = 0; x < width; x++)
            MarkMiddles(labels, boundary, x, width, height, distance, rowIsUniform);
        for (int i = 0; i < boundary.Length; i++)
            boundary[i] = !boundary[i];
        return boundary;
    }

    /// <summary>
    /// Along one line, marks each pixel that has <paramref name="distance"/> pixels of its own label on both sides,
    /// all of them, itself included, among <paramref name="allowed"/>.
    /// </summary>
    private static void MarkMiddles(int[] labels, bool[] marks, int start, int step, int count, int distance, bool[]? allowed)
    {
        for (int first = 0; first < count;)
        {
            int at = start + first * step;
            if (allowed is not null && !allowed[at])
            {
                first++;
                continue;
            }
            int end = first + 1;
            while (end < count && labels[start + end * step] == labels[at] && (allowed is null || allowed[start + end * step]))
                end++;
            for (int middle = first + distance; middle < end - distance; middle++)
                marks[start + middle * step] = true;
            first = end;
        }
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
