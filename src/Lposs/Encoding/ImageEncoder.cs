using Lposs.Models;

namespace Lposs.Encoding;

/// <summary>
/// The image encoders of a bundle, opened once and used for any number of pictures: windows in, patch features of
/// the vision-language model and of the vision model out. Where both are outputs of one file they come from one
/// run. Any number of threads may encode at once; dispose it when none of them does any more.
/// </summary>
public sealed class ImageEncoder : IDisposable
{
    private readonly PatchEncoder _vlm;
    private readonly PatchEncoder? _vm;

    /// <summary>Opens the image encoders of a bundle.</summary>
    /// <exception cref="ModelBundleException">A file is no model, or its input or outputs are not as the manifest says.</exception>
    /// <exception cref="EncoderDeviceException">The device cannot be used.</exception>
    public ImageEncoder(ModelBundle bundle, EncoderOptions? options = null)
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

    /// <summary>Features of both encoders, for a bundle that <see cref="SharesWindows"/>.</summary>
    /// <exception cref="ArgumentException">The windows' size does not fit the encoder.</exception>
    public EncodedWindows Encode(WindowBatch windows, CancellationToken cancellation = default)
    {
        if (!SharesWindows)
            throw new InvalidOperationException("the bundle's two image encoders read windows of their own; give both.");
        var (vlm, vm) = Encode(windows, default, needsVm: true, cancellation);
        return new EncodedWindows(vlm, vm!);
    }

    /// <summary>Features of both encoders, each from windows of its own, for a bundle that does not share them.</summary>
    /// <exception cref="ArgumentException">The windows' size does not fit the encoder, or their numbers differ.</exception>
    public EncodedWindows Encode(WindowBatch vlmWindows, WindowBatch vmWindows, CancellationToken cancellation = default)
    {
        if (_vm is null)
            throw new InvalidOperationException("the bundle's two image encoders read the same windows; give them once.");
        if (vlmWindows.Count != vmWindows.Count)
            throw new ArgumentException($"vmWindows has {vmWindows.Count} windows; it must have the {vlmWindows.Count} of vlmWindows.");
        var (vlm, vm) = Encode(vlmWindows, vmWindows, needsVm: true, cancellation);
        return new EncodedWindows(vlm, vm!);
    }

    /// <summary>Features of the vision-language model alone.</summary>
    /// <exception cref="ArgumentException">The windows' size does not fit the encoder.</exception>
    public PatchFeatures EncodeVlm(WindowBatch windows, CancellationToken cancellation = default) =>
        Encode(windows, default, needsVm: false, cancellation).Vlm;

    /// <summary>Features of the encoders that are needed; <paramref name="vmWindows"/> is empty for a bundle that <see cref="SharesWindows"/>.</summary>
    internal (PatchFeatures Vlm, PatchFeatures? Vm) Encode(
        WindowBatch vlmWindows, WindowBatch vmWindows, bool needsVm, CancellationToken cancellation)
    {
        var (vlm, vm) = Encode(
            EncoderPlacement.Arrays, InArray(vlmWindows), needsVm && !SharesWindows ? InArray(vmWindows) : null, needsVm, cancellation);
        return (FeaturesOf(vlm), vm is null ? null : FeaturesOf(vm));
    }

    /// <summary>
    /// The same where the windows lie; on a device the features, which the caller disposes, may still be computed when this
    /// returns.
    /// </summary>
    /// <param name="placement">Of the windows, [count, 3, height, width], and of the features, [count, grid height, grid width, dimensions].</param>
    /// <param name="vlmWindows">For the vision-language model, and for the other one where the bundle <see cref="SharesWindows"/>.</param>
    /// <param name="vmWindows">For the vision model, where it needs windows of its own.</param>
    /// <param name="needsVm">Whether the vision model runs.</param>
    /// <param name="cancellation">Looked at between runs.</param>
    internal (EncoderTensor<float> Vlm, EncoderTensor<float>? Vm) Encode(
        EncoderPlacement placement, EncoderTensor<float> vlmWindows, EncoderTensor<float>? vmWindows, bool needsVm,
        CancellationToken cancellation)
    {
        var features = _vlm.Encode(placement, vlmWindows, needsVm && SharesWindows ? 2 : 1, cancellation);
        if (!needsVm || SharesWindows)
            return (features[0], needsVm ? features[1] : null);
        try
        {
            return (features[0], _vm!.Encode(placement, vmWindows!, outputs: 1, cancellation)[0]);
        }
        catch
        {
            features[0].Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _vlm.Dispose();
        _vm?.Dispose();
    }

    internal static EncoderTensor<float> InArray(WindowBatch windows) =>
        new(windows.Pixels.ToArray(), windows.Count, 3, windows.Height, windows.Width);

    internal static PatchFeatures FeaturesOf(EncoderTensor<float> features) => new(
        (int)features.Shape[0], (int)features.Shape[1], (int)features.Shape[2], (int)features.Shape[3], features.ToArray());
}
