using Lposs.Imaging;
using Lposs.Pipeline;

namespace Lposs;

/// <summary>Anyone's encoder outputs for one image. N patches of all windows together, P prompts.</summary>
public sealed record PropagationInputs
{
    /// <summary>The image that the encoders saw; it is used at its own size.</summary>
    public required Image Image { get; init; }

    /// <summary>[N, Dv], or [windows, rows, columns, Dv]: patch features in the space of the text, window after window,
    /// row by row; need not be unit.</summary>
    public required NdArray<float> Vlm { get; init; }

    /// <summary>[N, Dm], likewise: patch features of the vision model; null in mode
    /// <see cref="SegmentationMode.Vlm"/>.</summary>
    public NdArray<float>? Vm { get; init; }

    /// <summary>[P, Dv]: prompt embeddings, unit rows.</summary>
    public required NdArray<float> Text { get; init; }

    /// <summary>The class of each prompt, 0 to C - 1, every class at least once; null: prompt p is class p.</summary>
    public IReadOnlyList<int>? PromptClasses { get; init; }

    /// <summary>Side of a window in pixels.</summary>
    public int Crop { get; init; } = 224;

    /// <summary>From one window to the next in pixels.</summary>
    public int Stride { get; init; } = 112;

    /// <summary>Side of a patch in pixels.</summary>
    public int PatchSize { get; init; } = 16;
}

/// <summary>How to propagate; what is null is the paper's.</summary>
public sealed record PropagationSettings
{
    /// <summary>How far to go: <see cref="SegmentationMode.Lposs"/> leaves out the pixel step.</summary>
    public SegmentationMode Mode { get; init; } = SegmentationMode.LpossPlus;

    /// <summary>The method's parameters.</summary>
    public PropagationParameters? Parameters { get; init; }

    /// <summary>The size of the result; by default the image's own.</summary>
    public PixelSize? Size { get; init; }

    /// <summary>Whether the result is to have scores: 4 bytes per pixel and class.</summary>
    public bool WithScores { get; init; }

    /// <summary>Whether the result is to have the confidence: 4 bytes per pixel.</summary>
    public bool WithConfidence { get; init; }
}

/// <summary>
/// LPOSS and LPOSS+ on anyone's encoder outputs. Any number of threads may call; calls run one after the other.
/// </summary>
public sealed class Propagator : IDisposable
{
    private readonly LpossContext _context;

    /// <summary>Opens the core.</summary>
    /// <exception cref="LpossException">The core or the device that was asked for cannot be used, or an option is out
    /// of range.</exception>
    public Propagator(ComputeOptions? options = null) =>
        (_context, Device) = ComputeDevice.Open(options ?? new ComputeOptions(), withEncoders: false);

    /// <summary>What is really computed on, and why.</summary>
    public ComputeDevice Device { get; }

    /// <summary>Propagates from encoder outputs to labels.</summary>
    /// <param name="inputs">The image and what the encoders said of it.</param>
    /// <param name="settings">null for the paper's, mode LPOSS+, the image's size and labels alone.</param>
    /// <param name="cancellationToken">Looked at before and after the core.</param>
    /// <exception cref="LpossException">A shape or parameter is wrong, a value is not finite, or memory or device
    /// failed.</exception>
    /// <exception cref="ArgumentException">An array has too few dimensions, or the result is larger than an array can
    /// be.</exception>
    public PropagationResult Propagate(
        PropagationInputs inputs,
        PropagationSettings? settings = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(inputs);
        settings ??= new PropagationSettings();
        var image = inputs.Image;
        var windows = Windows.Create(image.Height, image.Width, inputs.Crop, inputs.Stride);
        int[] promptClasses = [.. inputs.PromptClasses ?? []];
        int classes = promptClasses.Length == 0 ? RequireText(inputs.Text) : promptClasses.Max() + 1;
        var size = settings.Size ?? new PixelSize(image.Height, image.Width);
        if (classes < 1)
            throw new ArgumentException($"there are {classes} classes; there must be one or more.", nameof(inputs));
        var buffers = new OutputBuffers(size.Height, size.Width, classes, settings.WithScores, settings.WithConfidence);
        bool needsVm = settings.Mode != SegmentationMode.Vlm;
        if (needsVm && inputs.Vm is null)
            throw new ArgumentException($"vm is not given; mode {settings.Mode} needs it.", nameof(inputs));
        cancellationToken.ThrowIfCancellationRequested();
        _context.Segment(
            new SegmentInputs
            {
                PatchSize = inputs.PatchSize,
                Image = image.View(),
                Windows = windows,
                Vlm = Rows(inputs.Vlm, "vlm"),
                Vm = needsVm ? Rows(inputs.Vm!, "vm") : default,
                Text = Rows(inputs.Text, "text"),
                PromptClasses = promptClasses,
            },
            buffers.View(),
            settings.Mode,
            settings.Parameters,
            out var report,
            cancellationToken: cancellationToken
        );
        cancellationToken.ThrowIfCancellationRequested();
        return new PropagationResult
        {
            Labels = buffers.Labels([], image),
            Scores = buffers.Scores,
            Confidence = buffers.Confidence,
            ColumnLabels = [.. Enumerable.Range(0, classes)],
            Times = report.Times,
            PatchSolve = report.Patch,
            PixelSolve = report.Pixel,
            Device = Device,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _context.Dispose();

    private static int RequireText(NdArray<float> text) =>
        text.Rank == 2
            ? text.Shape[0]
            : throw new ArgumentException($"text has {text.Rank} dimensions; it must have two, prompts and numbers.");

    /// <summary>An array whose last dimension is a vector, as rows of vectors.</summary>
    private static ReadOnlyTensorView<float> Rows(NdArray<float> array, string name)
    {
        if (array.Rank < 2)
            throw new ArgumentException(
                $"{name} has {array.Rank} dimensions; it must have two or more, the last of them a patch's or "
                    + "prompt's vector."
            );
        int dimensions = array.Shape[^1];
        return new ReadOnlyTensorView<float>(array.Span, dimensions == 0 ? 0 : array.Length / dimensions, dimensions);
    }
}
