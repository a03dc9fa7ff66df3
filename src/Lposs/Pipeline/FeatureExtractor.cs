using System.Diagnostics;
using Lposs.Bundles;
using Lposs.Encoders;

namespace Lposs.Pipeline;

/// <summary>From an image to the features of its patches: resize, windows, encoders, one grid for both
/// features.</summary>
/// <param name="context">Resizes and cuts.</param>
/// <param name="bundle">Says how images are brought before its encoders.</param>
/// <param name="encoder">The bundle's encoders; others may use them too.</param>
/// <param name="placement">Where the encoders' tensors lie: in arrays, or on the context's device.</param>
internal sealed class FeatureExtractor(
    LpossContext context,
    ModelBundle bundle,
    ImageEncoder encoder,
    EncoderPlacement placement
)
{
    /// <summary>Encodes an image. On a device only the features' being there is waited for, at the end.</summary>
    /// <exception cref="ArgumentException">A setting is out of range, or the image would have more patches or
    /// features than can be held.</exception>
    /// <exception cref="LpossException">An encoder, the device or its memory failed.</exception>
    public EncodedImage Encode(Image image, SegmentationSettings settings, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long start = Stopwatch.GetTimestamp();
        var size = InputImage.SizeFor(image.Width, image.Height, bundle.Image, settings);
        var windows = Windows.Create(size.Height, size.Width, bundle.Image.Crop, bundle.Image.Stride);
        int patchSize = (settings.NeedsVm ? bundle.Vm : bundle.Vlm).PatchSize;
        _ = Windows.CountPatches(windows, patchSize); // refuses more patches than can be compared
        var input = InputImage.Of(context, placement, image, size);
        double resize = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        PatchGrid? vlm = null,
            vm = null;
        try
        {
            var (rows, columns) = GridOf(windows[0], patchSize);
            vlm = new PatchGrid(placement, windows.Length, rows, columns);
            vm = settings.NeedsVm ? new PatchGrid(placement, windows.Length, rows, columns) : null;
            var (cut, encode) = (0.0, 0.0);
            int most = encoder.WindowsAtATime(placement);
            for (int first = 0; first < windows.Length; first += most)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var alone = placement.Hold();
                var some = windows.AsSpan(first, Math.Min(most, windows.Length - first));
                start = Stopwatch.GetTimestamp();
                using var vlmPixels = Cut(input, some, bundle.Vlm);
                using var vmPixels = vm is not null && !encoder.SharesWindows ? Cut(input, some, bundle.Vm) : null;
                cut += Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                start = Stopwatch.GetTimestamp();
                EncodeWindows(some, vlmPixels, vmPixels, vlm, vm, first, cancellationToken);
                encode += Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
            // What was queued on a device is done, or fails, here, in the stage that it belongs to.
            start = Stopwatch.GetTimestamp();
            placement.Synchronize();
            encode += Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            return new EncodedImage(image, input, windows, patchSize, vlm.Values, vm?.Values)
            {
                Context = placement.Context,
                Times = new EncodingTimes(resize, cut, encode),
            };
        }
        catch
        {
            vlm?.Dispose();
            vm?.Dispose();
            input.Dispose();
            throw;
        }
    }

    private void EncodeWindows(
        ReadOnlySpan<Window> windows,
        EncoderTensor<float> vlmPixels,
        EncoderTensor<float>? vmPixels,
        PatchGrid vlm,
        PatchGrid? vm,
        int first,
        CancellationToken cancellationToken
    )
    {
        (PatchGrid, int)? vmTarget = vm is null ? null : (vm, first);
        var (rows, columns) = GridOf(windows[0], bundle.Vlm.PatchSize);
        if ((rows, columns) == (vlm.Height, vlm.Width))
        {
            encoder.Encode(placement, vlmPixels, vmPixels, (vlm, first), vmTarget, cancellationToken);
            return;
        }
        // On a grid of its own; each window's is resized to that of the vision model.
        using var own = new PatchGrid(placement, windows.Length, rows, columns);
        encoder.Encode(placement, vlmPixels, vmPixels, (own, 0), vmTarget, cancellationToken);
        vlm.Reserve(own.Dimensions);
        for (int window = 0; window < windows.Length; window++)
            context.Resize(own.Rows(window, 0, rows).AsReadOnly(), vlm.Rows(first + window, 0, vlm.Height));
    }

    /// <summary>Windows normalised for an encoder and padded to its patches.</summary>
    private EncoderTensor<float> Cut(InputImage input, ReadOnlySpan<Window> windows, ImageEncoderSpec spec)
    {
        var (rows, columns) = GridOf(windows[0], spec.PatchSize);
        var pixels = placement.Allocate<float>(windows.Length, 3, rows * spec.PatchSize, columns * spec.PatchSize);
        try
        {
            context.CutWindows(input.View, windows, spec.Mean.AsSpan(), spec.Std.AsSpan(), pixels.View);
            return pixels;
        }
        catch
        {
            pixels.Dispose();
            throw;
        }
    }

    /// <summary>Patches of a window; the last ones of a row or column may hang over.</summary>
    private static (int Rows, int Columns) GridOf(Window window, int patch) =>
        ((window.Height + patch - 1) / patch, (window.Width + patch - 1) / patch);
}
