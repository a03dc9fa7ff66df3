using System.Diagnostics;
using Lposs.Encoding;
using Lposs.Imaging;
using Lposs.Models;

namespace Lposs.Segmentation;

/// <summary>From a picture to the features of its patches: resize, windows, encoders, one grid for both features.</summary>
internal sealed class PictureEncoder(LpossContext context, ModelBundle bundle, ImageEncoder encoder, int batchSize)
{
    public EncodedPicture Encode(RgbImage picture, SegmentationSettings settings, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        var (width, height) = ModelInput.SizeFor(picture.Width, picture.Height, bundle.Picture, settings);
        var input = ModelInput.Resize(context, picture, width, height);
        double resize = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        cancellation.ThrowIfCancellationRequested();

        bool needsVm = settings.Mode != SegmentationMode.Vlm;
        int patchSize = (needsVm ? bundle.Vm : bundle.Vlm).PatchSize;
        var windows = Windows.Create(height, width, bundle.Picture.Crop, bundle.Picture.Stride);
        int patches = RequirePatches(windows, patchSize, width, height);
        var vlm = new FeatureRows(patches);
        var vm = needsVm ? new FeatureRows(patches) : null;
        double cut = 0, encode = 0;
        // Windows by the batch: all of them together, as floats, are many times the picture.
        for (int first = 0; first < windows.Length; first += batchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            var batch = windows.AsSpan(first, Math.Min(batchSize, windows.Length - first));
            start = Stopwatch.GetTimestamp();
            var vlmPixels = Cut(input, batch, bundle.Vlm);
            var vmPixels = needsVm && !encoder.SharesWindows ? Cut(input, batch, bundle.Vm) : null;
            cut += Stopwatch.GetElapsedTime(start).TotalMilliseconds;

            start = Stopwatch.GetTimestamp();
            if (vm is null)
            {
                vlm.Append(encoder.EncodeVlm(vlmPixels.View(), cancellation));
            }
            else
            {
                var encoded = vmPixels is null
                    ? encoder.Encode(vlmPixels.View(), cancellation)
                    : encoder.Encode(vlmPixels.View(), vmPixels.View(), cancellation);
                vlm.Append(encoded.SameGrid ? encoded.Vlm : ToGrid(encoded.Vlm, encoded.Vm));
                vm.Append(encoded.Vm);
            }
            encode += Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        return new EncodedPicture(picture, input, windows, patchSize, vlm.ToMatrix(), vm?.ToMatrix(), new EncodingTimes(resize, cut, encode));
    }

    private static int RequirePatches(Window[] windows, int patchSize, int width, int height)
    {
        long patches = Windows.CountPatches(windows, patchSize);
        return patches <= int.MaxValue ? (int)patches : throw new ArgumentException(
            $"the picture, {width} x {height} for the encoders, has {patches} patches, more than can be compared; choose a smaller ShortSide.");
    }

    /// <summary>Windows normalised for an encoder; they are all of one size, padded to a multiple of its patches.</summary>
    private WindowPixels Cut(RgbImage input, ReadOnlySpan<Window> windows, ImageEncoderSpec spec)
    {
        int height = RoundUp(windows[0].Height, spec.PatchSize);
        int width = RoundUp(windows[0].Width, spec.PatchSize);
        float[] pixels = new float[checked(windows.Length * 3 * height * width)];
        context.CutWindows(
            input.View(), windows, spec.Mean.AsSpan(), spec.Std.AsSpan(), new TensorView<float>(pixels, windows.Length, 3, height, width));
        return new WindowPixels(pixels, windows.Length, height, width);
    }

    /// <summary>Features of another patch size, each window's resized to the grid that the graph is made on.</summary>
    private PatchFeatures ToGrid(PatchFeatures features, PatchFeatures grid)
    {
        int from = features.GridHeight * features.GridWidth * features.Dimensions;
        int to = grid.GridHeight * grid.GridWidth * features.Dimensions;
        float[] values = new float[checked(features.Windows * to)];
        for (int window = 0; window < features.Windows; window++)
        {
            context.Resize(
                new ReadOnlyTensorView<float>(
                    features.Values.Span.Slice(window * from, from), features.GridHeight, features.GridWidth, features.Dimensions),
                new TensorView<float>(values.AsSpan(window * to, to), grid.GridHeight, grid.GridWidth, features.Dimensions));
        }
        return new PatchFeatures(features.Windows, grid.GridHeight, grid.GridWidth, features.Dimensions, values);
    }

    private static int RoundUp(int side, int patch) => (side + patch - 1) / patch * patch;

    private sealed record WindowPixels(float[] Pixels, int Count, int Height, int Width)
    {
        public WindowBatch View() => new(Pixels, Count, Height, Width);
    }

    /// <summary>Features of all windows, gathered batch by batch.</summary>
    private sealed class FeatureRows(int patches)
    {
        private float[] _values = [];
        private int _dimensions;
        private int _filled;

        public void Append(PatchFeatures features)
        {
            if (_filled == 0)
            {
                _dimensions = features.Dimensions;
                if ((long)patches * _dimensions > Array.MaxLength)
                    throw new ArgumentException(
                        $"the picture has {patches} patches with {_dimensions} features each, more than an array holds; choose a smaller ShortSide.");
                _values = new float[patches * _dimensions];
            }
            features.Values.Span.CopyTo(_values.AsSpan(_filled));
            _filled += features.Values.Length;
        }

        public FeatureMatrix ToMatrix() => new(patches, _dimensions, _values);
    }
}
