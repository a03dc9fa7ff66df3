namespace Lposs.Encoders;

/// <summary>
/// The image encoders of a bundle, opened once and used for any number of images: windows in, patch features of
/// the vision-language model and of the vision model out. Where both are outputs of one file they come from one
/// run. Any number of threads may encode at once; dispose it when none of them does any more.
/// </summary>
internal sealed class ImageEncoder : IDisposable
{
    private readonly PatchEncoder _vlm;
    private readonly PatchEncoder? _vm;

    /// <summary>Opens the image encoders of a bundle.</summary>
    /// <exception cref="LpossException">A file is no model, its input or outputs are not as the manifest says, or the
    /// device cannot be used.</exception>
    public ImageEncoder(IEncoderFiles bundle, EncoderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        options ??= new EncoderOptions();
        SharesWindows = bundle.Vlm.SharesInput(bundle.Vm);
        _vlm = SharesWindows
            ? new PatchEncoder(bundle, options, bundle.Vlm, bundle.Vm)
            : new PatchEncoder(bundle, options, bundle.Vlm);
        try
        {
            _vm = SharesWindows ? null : new PatchEncoder(bundle, options, bundle.Vm);
        }
        catch
        {
            _vlm.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Whether both encoders read the same windows in one run. Where they do not, each gets windows that are
    /// normalised for it and padded to a multiple of its own patch size.
    /// </summary>
    public bool SharesWindows { get; }

    /// <summary>How many windows are worth giving at a time.</summary>
    public int WindowsAtATime(EncoderPlacement placement) => _vlm.WindowsAtATime(placement);

    /// <summary>
    /// Encodes windows where they lie. On a device the features may still be computed when this returns.
    /// </summary>
    /// <param name="placement">Of the windows, [count, 3, height, width], and of the features.</param>
    /// <param name="vlmWindows">For the vision-language model, and for the other one where the bundle
    /// <see cref="SharesWindows"/>.</param>
    /// <param name="vmWindows">For the vision model, where it is wanted and needs windows of its own.</param>
    /// <param name="vlm">Where the features of the vision-language model go, and the place of the first window in
    /// it.</param>
    /// <param name="vm">The same of the vision model; null where it is not wanted.</param>
    /// <param name="cancellationToken">Looked at between runs.</param>
    public void Encode(
        EncoderPlacement placement,
        EncoderTensor<float> vlmWindows,
        EncoderTensor<float>? vmWindows,
        (PatchGrid Grid, int First) vlm,
        (PatchGrid Grid, int First)? vm,
        CancellationToken cancellationToken
    )
    {
        if (vm is { } both && SharesWindows)
        {
            _vlm.Encode(placement, vlmWindows, [vlm.Grid, both.Grid], vlm.First, cancellationToken);
            return;
        }
        _vlm.Encode(placement, vlmWindows, [vlm.Grid], vlm.First, cancellationToken);
        if (vm is { } own)
            _vm!.Encode(placement, vmWindows!, [own.Grid], own.First, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _vlm.Dispose();
        _vm?.Dispose();
    }
}
