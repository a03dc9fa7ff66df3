using Lposs.Bundles;
using Lposs.Encoders;
using Lposs.Imaging;
using Lposs.Pipeline;

namespace Lposs;

/// <summary>
/// Open-vocabulary segmentation: an image and class names in, a label map out. Opens a bundle's encoders once and
/// serves any number of images. Any number of threads may call; the core's part of their calls runs one after the
/// other, so several segmenters, each with some of the threads, do more images at once.
/// </summary>
/// <example>
/// <code>
/// using var segmenter = new Segmenter();
/// var result = segmenter.Segment(Image.Load("street.jpg"), ClassList.Parse("sky, road; street, car"));
/// result.Labels.SavePng("labels.png", Palette.Voc);
/// </code>
/// </example>
public sealed class Segmenter : IDisposable
{
    private readonly LpossContext _context;
    private readonly ImageEncoder _imageEncoder;
    private readonly TextEncoder _textEncoder;
    private readonly FeatureExtractor _extractor;
    private readonly ImageSolver _imageSolver;

    /// <summary>Opens the bundled encoders and the core.</summary>
    /// <exception cref="LpossException">The device that was asked for cannot be used, or an option is out of
    /// range.</exception>
    public Segmenter(SegmenterOptions? options = null)
        : this(ModelBundle.OpenDefault(), options) { }

    /// <summary>Opens the encoders of a bundle and the core.</summary>
    /// <exception cref="LpossException">An encoder is not as the manifest says.</exception>
    /// <exception cref="LpossException">The encoders cannot run on the device that was asked for.</exception>
    /// <exception cref="LpossException">The core cannot compute on the device that was asked for.</exception>
    /// <exception cref="LpossException">The core cannot be used, or an option is out of range.</exception>
    public Segmenter(ModelBundle bundle, SegmenterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        options ??= new SegmenterOptions();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.BatchSize);
        Bundle = bundle;
        (_context, Device) = ComputeDevice.Open(options, withEncoders: true);
        try
        {
            _imageEncoder = new ImageEncoder(
                bundle,
                Device.EncoderOptions(options, options.BatchSize, _context.Stream)
            );
            _textEncoder = new TextEncoder(
                bundle,
                Device.EncoderOptions(options, options.BatchSize),
                options.PromptCache
            );
        }
        catch
        {
            _imageEncoder?.Dispose();
            _context.Dispose();
            throw;
        }
        _extractor = new FeatureExtractor(_context, bundle, _imageEncoder, Device.PlacementBeside(_context, options));
        _imageSolver = new ImageSolver(_context, bundle, _textEncoder, Device);
    }

    /// <summary>The bundle.</summary>
    public ModelBundle Bundle { get; }

    /// <summary>What is really computed on, and why.</summary>
    public ComputeDevice Device { get; }

    /// <summary>Segments an image.</summary>
    /// <param name="image">Of any size; it is resized for the encoders, and the labels have its own size.</param>
    /// <param name="classes">One or more.</param>
    /// <param name="settings">null for the bundle's, mode LPOSS+ and labels alone.</param>
    /// <param name="cancellationToken">Looked at between the stages and between runs of an encoder.</param>
    /// <exception cref="LpossException">An encoder failed.</exception>
    /// <exception cref="LpossException">The memory, or its limit, is too small.</exception>
    /// <exception cref="LpossException">A parameter is out of range, features are not finite, or the device
    /// failed.</exception>
    /// <exception cref="ArgumentException">A setting is out of range, or the result is larger than an array can
    /// be.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public SegmentationResult Segment(
        Image image,
        ClassList classes,
        SegmentationSettings? settings = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(classes);
        // Errors in the classes come to light before the long work.
        _textEncoder.Encode(classes, cancellationToken);
        using var encoded = Encode(image, settings, cancellationToken);
        return Segment(encoded, classes, settings, cancellationToken);
    }

    /// <summary>The first half of <see cref="Segment(Image, ClassList, SegmentationSettings?, CancellationToken)"/>:
    /// up to the features.</summary>
    /// <param name="image">Of any size.</param>
    /// <param name="settings">Of these, the mode and the appearance (in mode VLM, or with its features, the vision
    /// model does not run) and the sides count here.</param>
    /// <param name="cancellationToken">Looked at between the stages and between runs of an encoder.</param>
    public EncodedImage Encode(
        Image image,
        SegmentationSettings? settings = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(image);
        return _extractor.Encode(image, settings ?? new SegmentationSettings(), cancellationToken);
    }

    /// <summary>The second half: from features to labels, as often as wanted with other classes, modes and
    /// parameters.</summary>
    /// <param name="encoded">By this segmenter or another one of the same bundle, which is not disposed yet where it
    /// computes on a GPU.</param>
    /// <param name="classes">One or more.</param>
    /// <param name="settings">Of these, the sides do not count here.</param>
    /// <param name="cancellationToken">Looked at between the stages.</param>
    /// <exception cref="ArgumentException">The image was encoded without the vision model, and it is
    /// needed.</exception>
    public SegmentationResult Segment(
        EncodedImage encoded,
        ClassList classes,
        SegmentationSettings? settings = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(encoded);
        ArgumentNullException.ThrowIfNull(classes);
        return _imageSolver.Solve(encoded, classes, settings ?? new SegmentationSettings(), cancellationToken);
    }

    /// <summary>The prompts that the bundle's encoders never learnt, as far as the bundle says what they did.</summary>
    public IReadOnlyList<string> UnknownPrompts(ClassList classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        return ImageSolver.UnknownPrompts(Bundle, classes);
    }

    /// <summary>A sentence about the prompts that are longer than the text encoder reads, and were cut; null if none
    /// was.</summary>
    public string? CutPromptsWarning(ClassList classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        return ImageSolver.CutWarning(Bundle, classes, _textEncoder.Encode(classes));
    }

    /// <summary>Why embeddings could not be written into <see cref="SegmenterOptions.PromptCache"/>, in one sentence;
    /// null where they could, or there is none.</summary>
    public string? PromptCacheProblem => _textEncoder.CacheProblem;

    /// <inheritdoc/>
    public void Dispose()
    {
        _imageEncoder.Dispose();
        _textEncoder.Dispose();
        _context.Dispose();
    }
}
