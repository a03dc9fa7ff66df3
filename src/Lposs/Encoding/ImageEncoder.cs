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
        var features = _vlm.Encode(windows, outputs: 2, cancellation);
        return new EncodedWindows(features[0], features[1]);
    }

    /// <summary>Features of both encoders, each from windows of its own, for a bundle that does not share them.</summary>
    /// <exception cref="ArgumentException">The windows' size does not fit the encoder, or their numbers differ.</exception>
    public EncodedWindows Encode(WindowBatch vlmWindows, WindowBatch vmWindows, CancellationToken cancellation = default)
    {
        if (_vm is null)
            throw new InvalidOperationException("the bundle's two image encoders read the same windows; give them once.");
        if (vlmWindows.Count != vmWindows.Count)
            throw new ArgumentException($"vmWindows has {vmWindows.Count} windows; it must have the {vlmWindows.Count} of vlmWindows.");
        return new EncodedWindows(
            _vlm.Encode(vlmWindows, outputs: 1, cancellation)[0],
            _vm.Encode(vmWindows, outputs: 1, cancellation)[0]);
    }

    /// <summary>Features of the vision-language model alone.</summary>
    /// <exception cref="ArgumentException">The windows' size does not fit the encoder.</exception>
    public PatchFeatures EncodeVlm(WindowBatch windows, CancellationToken cancellation = default) =>
        _vlm.Encode(windows, outputs: 1, cancellation)[0];

    /// <summary>Features of the encoders that are needed; <paramref name="vmWindows"/> is empty for a bundle that <see cref="SharesWindows"/>.</summary>
    internal (PatchFeatures Vlm, PatchFeatures? Vm) Encode(
        WindowBatch vlmWindows, WindowBatch vmWindows, bool needsVm, CancellationToken cancellation)
    {
        if (!needsVm)
            return (EncodeVlm(vlmWindows, cancellation), null);
        var encoded = SharesWindows ? Encode(vlmWindows, cancellation) : Encode(vlmWindows, vmWindows, cancellation);
        return (encoded.Vlm, encoded.Vm);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _vlm.Dispose();
        _vm?.Dispose();
    }
}
