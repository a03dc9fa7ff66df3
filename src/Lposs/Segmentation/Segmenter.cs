using Lposs.Encoding;
using Lposs.Imaging;
using Lposs.Models;

namespace Lposs.Segmentation;

/// <summary>
/// Open-vocabulary segmentation: a picture and class names in, a label map out. Opens a bundle's encoders once and
/// serves any number of pictures. Any number of threads may call; the core's part of their calls runs one after the
/// other, so several segmenters, each with some of the threads, do more pictures at once.
/// </summary>
/// <example>
/// <code>
/// using var segmenter = new Segmenter(ModelBundle.OpenDefault());
/// var result = segmenter.Segment(ImageFile.Read("street.jpg"), ClassList.Parse("sky, road; street, car"));
/// LabelPng.Write("labels.png", result.Labels, Palette.Voc);
/// </code>
/// </example>
public sealed class Segmenter : IDisposable
{
    private readonly LpossContext _context;
    private readonly ImageEncoder _imageEncoder;
    private readonly TextEncoder _textEncoder;
    private readonly PictureEncoder _pictureEncoder;
    private readonly PictureSolver _pictureSolver;

    /// <summary>Opens the encoders of a bundle and the core.</summary>
    /// <exception cref="ModelBundleException">An encoder is not as the manifest says.</exception>
    /// <exception cref="EncoderDeviceException">The encoders cannot run on the device that was asked for.</exception>
    /// <exception cref="LpossDeviceException">The core cannot compute on the device that was asked for.</exception>
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
            _imageEncoder = new ImageEncoder(bundle, Device.EncoderOptions(options, options.BatchSize, _context.Stream));
            _textEncoder = new TextEncoder(bundle, Device.EncoderOptions(options, options.BatchSize));
        }
        catch
        {
            _imageEncoder?.Dispose();
            _context.Dispose();
            throw;
        }
        _pictureEncoder = new PictureEncoder(
            _context, bundle, _imageEncoder, Device.PlacementBeside(_context, options), options.BatchSize);
        _pictureSolver = new PictureSolver(_context, bundle, _textEncoder, Device);
    }

    /// <summary>The bundle.</summary>
    public ModelBundle Bundle { get; }

    /// <summary>What is really computed on, and why.</summary>
    public ComputeDevice Device { get; }

    /// <summary>Segments a picture.</summary>
    /// <param name="picture">Of any size; it is resized for the encoders, and the labels have its own size.</param>
    /// <param name="classes">One or more.</param>
    /// <param name="settings">null for the bundle's, mode LPOSS+ and labels alone.</param>
    /// <param name="cancellation">Looked at between the stages and between runs of an encoder.</param>
    /// <exception cref="ModelBundleException">An encoder failed.</exception>
    /// <exception cref="LpossMemoryException">The memory, or its limit, is too small.</exception>
    /// <exception cref="LpossException">A parameter is out of range, features are not finite, or the device failed.</exception>
    /// <exception cref="ArgumentException">A setting is out of range, or the result is larger than an array can be.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public SegmentationResult Segment(
        RgbImage picture, ClassList classes, SegmentationSettings? settings = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(classes);
        // Mistakes in the classes come to light before the long work.
        _textEncoder.Encode(classes, cancellation);
        using var encoded = Encode(picture, settings, cancellation);
        return Segment(encoded, classes, settings, cancellation);
    }

    /// <summary>The first half of <see cref="Segment(RgbImage, ClassList, SegmentationSettings?, CancellationToken)"/>: up to the features.</summary>
    /// <param name="picture">Of any size.</param>
    /// <param name="settings">Of these, the mode and the appearance (in mode VLM, or with its features, the vision model does not run) and the sides count here.</param>
    /// <param name="cancellation">Looked at between the stages and between runs of an encoder.</param>
    public EncodedPicture Encode(RgbImage picture, SegmentationSettings? settings = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return _pictureEncoder.Encode(picture, settings ?? new SegmentationSettings(), cancellation);
    }

    /// <summary>The second half: from features to labels, as often as wanted with other classes, modes and parameters.</summary>
    /// <param name="encoded">By this segmenter or another one of the same bundle, which is not disposed yet where it computes on a GPU.</param>
    /// <param name="classes">One or more.</param>
    /// <param name="settings">Of these, the sides do not count here.</param>
    /// <param name="cancellation">Looked at between the stages.</param>
    /// <exception cref="ArgumentException">The picture was encoded without the vision model, and it is needed.</exception>
    public SegmentationResult Segment(
        EncodedPicture encoded, ClassList classes, SegmentationSettings? settings = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(encoded);
        ArgumentNullException.ThrowIfNull(classes);
        return _pictureSolver.Solve(encoded, classes, settings ?? new SegmentationSettings(), cancellation);
    }

    /// <summary>The prompts that the bundle's encoders never learnt, as far as the bundle says what they did.</summary>
    public IReadOnlyList<string> UnknownPrompts(ClassList classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        return PictureSolver.UnknownPrompts(Bundle, classes);
    }

    /// <summary>A sentence about the prompts that are longer than the text encoder reads, and were cut; null if none was.</summary>
    public string? CutPromptsWarning(ClassList classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        return PictureSolver.CutWarning(Bundle, classes, _textEncoder.Encode(classes));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _imageEncoder.Dispose();
        _textEncoder.Dispose();
        _context.Dispose();
    }
}
