using Lposs.Imaging;
using Lposs.Pipeline;

namespace Lposs;

/// <summary>The order of the dimensions of scores.</summary>
public enum ScoresLayout
{
    /// <summary>[height, width, classes], as NumPy's and TensorFlow's programs keep them.</summary>
    HeightWidthClasses,

    /// <summary>[classes, height, width], as PyTorch's models give them.</summary>
    ClassesHeightWidth,
}

/// <summary>How to refine; what is null is the paper's.</summary>
public sealed record RefinementSettings
{
    /// <summary>The graph of pixels.</summary>
    public PixelGraphParameters? PixelGraph { get; init; }

    /// <summary>How the propagation is solved.</summary>
    public SolverParameters? Solver { get; init; }

    /// <summary>The size of the result; by default the image's own.</summary>
    public PixelSize? Size { get; init; }

    /// <summary>The order of the scores' dimensions. Where it is not said, they are [height, width, classes], and
    /// refused if only the other order fits the image.</summary>
    public ScoresLayout? Layout { get; init; }

    /// <summary>Whether the result is to have scores: 4 bytes per pixel and class.</summary>
    public bool WithScores { get; init; }

    /// <summary>Whether the result is to have the confidence: 4 bytes per pixel.</summary>
    public bool WithConfidence { get; init; }
}

/// <summary>
/// The pixel step of LPOSS+ alone (paper, section 3.3), on the scores or coarse labels of any model: boundaries move
/// to where the image's colours change, the job that fully connected CRFs are used for. Any number of threads may
/// call; calls run one after the other.
/// </summary>
public sealed class Refiner : IDisposable
{
    private readonly LpossContext _context;

    /// <summary>Opens the core.</summary>
    /// <exception cref="LpossException">The core or the device that was asked for cannot be used, or an option is out
    /// of range.</exception>
    public Refiner(ComputeOptions? options = null) =>
        (_context, Device) = ComputeDevice.Open(options ?? new ComputeOptions(), withEncoders: false);

    /// <summary>What is really computed on, and why.</summary>
    public ComputeDevice Device { get; }

    /// <summary>Refines scores.</summary>
    /// <param name="image">Used at its own size.</param>
    /// <param name="scores">[h, w, C], or as <see cref="RefinementSettings.Layout"/> says: per pixel and class, on any
    /// scale, the larger the likelier; of another size than the image, they are resized to it.</param>
    /// <param name="settings">null for the paper's, the image's size and labels alone.</param>
    /// <param name="cancellationToken">Looked at before and after the core.</param>
    /// <exception cref="LpossException">A shape or parameter is wrong, a score is not finite, or memory or device
    /// failed.</exception>
    /// <exception cref="ArgumentException">The scores have other than three dimensions, or the result is larger than an
    /// array can be.</exception>
    public PropagationResult Refine(
        Image image,
        NdArray<float> scores,
        RefinementSettings? settings = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(scores);
        if (scores.Rank != 3)
            throw new ArgumentException(
                $"scores has {scores.Rank} dimensions; it must have three, height, width and classes.",
                nameof(scores)
            );
        scores = ScoresOrder.HeightWidthClasses(scores, image, settings?.Layout);
        int classes = scores.Shape[2];
        return Refine(
            new RefineInputs
            {
                Image = image.View(),
                Scores = new ReadOnlyTensorView<float>(scores.Span, scores.Shape[0], scores.Shape[1], classes),
            },
            image,
            classes,
            [],
            settings ?? new RefinementSettings(),
            cancellationToken
        );
    }

    /// <summary>Refines a coarse label map; the result has the labels that occur in it.</summary>
    /// <param name="image">Used at its own size.</param>
    /// <param name="labels">Of another size than the image, the classes' masks are resized to it.</param>
    /// <param name="ignore">A label that is no class: its pixels take what their neighbours say. Null for none.</param>
    /// <param name="settings">null for the paper's, the image's size and labels alone.</param>
    /// <param name="cancellationToken">Looked at before and after the core.</param>
    /// <exception cref="LpossException">A parameter is wrong, or memory or device failed.</exception>
    /// <exception cref="ArgumentException">The map has no label but the ignored one, or the result is larger than an
    /// array can be.</exception>
    public PropagationResult Refine(
        Image image,
        LabelMap labels,
        int? ignore = 255,
        RefinementSettings? settings = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(labels);
        ScoresOrder.RequireOrientation("labels", labels.Height, labels.Width, image);
        var (columns, columnLabels) = ToColumns(labels, ignore);
        if (columnLabels.Length == 0)
            throw new ArgumentException(
                $"labels holds nothing but {ignore}, the label to be ignored; it needs another one.",
                nameof(labels)
            );
        return Refine(
            new RefineInputs
            {
                Image = image.View(),
                Labels = new ReadOnlyTensorView<ushort>(columns, labels.Height, labels.Width),
                Classes = columnLabels.Length,
                Ignore = NoColumn,
            },
            image,
            columnLabels.Length,
            columnLabels,
            settings ?? new RefinementSettings(),
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public void Dispose() => _context.Dispose();

    private const ushort NoColumn = ushort.MaxValue;

    /// <summary>Each pixel's column among the labels that occur, in ascending order.</summary>
    private static (ushort[] Columns, ushort[] ColumnLabels) ToColumns(LabelMap labels, int? ignore)
    {
        var occurs = new bool[ushort.MaxValue + 1];
        foreach (ushort label in labels.Labels.Span)
            occurs[label] = true;
        if (ignore is { } ignored && ignored is >= 0 and <= ushort.MaxValue)
            occurs[ignored] = false;
        ushort[] columnLabels =
        [
            .. Enumerable.Range(0, occurs.Length).Where(label => occurs[label]).Select(label => (ushort)label),
        ];
        if (columnLabels.Length > NoColumn)
            throw new ArgumentException(
                $"labels holds all {columnLabels.Length} labels that there are; it may hold {NoColumn}.",
                nameof(labels)
            );

        var columnOf = new ushort[occurs.Length];
        Array.Fill(columnOf, NoColumn);
        for (int column = 0; column < columnLabels.Length; column++)
            columnOf[columnLabels[column]] = (ushort)column;
        var columns = new ushort[labels.Labels.Length];
        var source = labels.Labels.Span;
        for (int i = 0; i < columns.Length; i++)
            columns[i] = columnOf[source[i]];
        return (columns, columnLabels);
    }

    private PropagationResult Refine(
        RefineInputs inputs,
        Image image,
        int classes,
        ushort[] columnLabels,
        RefinementSettings settings,
        CancellationToken cancellationToken
    )
    {
        var size = settings.Size ?? new PixelSize(image.Height, image.Width);
        var buffers = new OutputBuffers(size.Height, size.Width, classes, settings.WithScores, settings.WithConfidence);
        cancellationToken.ThrowIfCancellationRequested();
        _context.Refine(
            inputs,
            buffers.View(),
            settings.PixelGraph,
            settings.Solver,
            out var report,
            cancellationToken: cancellationToken
        );
        cancellationToken.ThrowIfCancellationRequested();
        return new PropagationResult
        {
            Labels = buffers.Labels(columnLabels, image),
            Scores = buffers.Scores,
            Confidence = buffers.Confidence,
            ColumnLabels =
                columnLabels.Length == 0
                    ? [.. Enumerable.Range(0, classes)]
                    : [.. columnLabels.Select(label => (int)label)],
            Times = report.Times,
            PixelSolve = report.Pixel,
            Device = Device,
        };
    }
}
