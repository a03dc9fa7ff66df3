using System.Diagnostics;
using Lposs.Encoding;
using Lposs.Imaging;
using Lposs.Models;

namespace Lposs.Segmentation;

/// <summary>From pictures to the features of their patches: resize, windows, encoders, one grid for both features.</summary>
/// <param name="context">Resizes and cuts.</param>
/// <param name="bundle">Says how pictures are brought before its encoders.</param>
/// <param name="encoder">The bundle's encoders; others may use them too.</param>
/// <param name="placement">Where the encoders' tensors lie: in arrays, or on the context's device.</param>
/// <param name="batchSize">Windows in one run of the encoders.</param>
/// <param name="sharing">Says whether pictures may share a run; null: each has runs of its own.</param>
internal sealed class PictureEncoder(
    LpossContext context, ModelBundle bundle, ImageEncoder encoder, EncoderPlacement placement, int batchSize, SharedRuns? sharing = null)
{
    /// <summary>Windows in one run of the encoders.</summary>
    public int BatchSize => batchSize;

    /// <summary>Encodes one picture.</summary>
    public EncodedPicture Encode(RgbImage picture, SegmentationSettings settings, CancellationToken cancellation)
    {
        var prepared = Prepare(picture, settings, cancellation);
        try
        {
            return Encode([prepared], settings, cancellation)[0];
        }
        catch
        {
            prepared.Input.Dispose();
            throw;
        }
    }

    /// <summary>Brings a picture to the encoders' size and lays windows over it: what can fail for reasons of its own.</summary>
    public PreparedPicture Prepare(RgbImage picture, SegmentationSettings settings, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        long start = Stopwatch.GetTimestamp();
        var (width, height) = ModelInput.SizeFor(picture.Width, picture.Height, bundle.Picture, settings);
        var windows = Windows.Create(height, width, bundle.Picture.Crop, bundle.Picture.Stride);
        int patchSize = (settings.NeedsVm ? bundle.Vm : bundle.Vlm).PatchSize;
        int patches = RequirePatches(windows, patchSize, width, height);
        var input = InputPicture.Of(context, placement, picture, width, height);
        return new PreparedPicture(picture, input, windows, patchSize, patches, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    /// <summary>
    /// Encodes pictures together: windows of one shape, one picture's after the other's, go through the encoders in runs of
    /// <see cref="BatchSize"/>, so that small pictures fill a run together. Each picture's features are the same bits as if it
    /// had been encoded alone. On a device nothing but the features' being there is waited for, at the end.
    /// </summary>
    /// <param name="pictures">Prepared with the same settings; where this fails, their inputs stay the caller's.</param>
    /// <param name="settings">How.</param>
    /// <param name="cancellation">Looked at between runs.</param>
    public IReadOnlyList<EncodedPicture> Encode(
        IReadOnlyList<PreparedPicture> pictures, SegmentationSettings settings, CancellationToken cancellation)
    {
        bool needsVm = settings.NeedsVm;
        PictureUnderWay[] underWay =
        [
            .. pictures.Select(picture => new PictureUnderWay(
                picture, new FeatureRows(placement, picture.Patches), needsVm ? new FeatureRows(placement, picture.Patches) : null)),
        ];
        try
        {
            // The windows of a picture are all of one size.
            foreach (var sameShape in underWay.GroupBy(picture => RunShape.Of(picture.Of.Windows[0], bundle, needsVm)))
            {
                PictureUnderWay[] group = [.. sameShape];
                IEnumerable<PictureUnderWay[]> together =
                    MayShare(group, sameShape.Key, cancellation) ? [group] : group.Select(picture => new[] { picture });
                foreach (var run in together.SelectMany(Runs))
                    EncodeRun(run, sameShape.Key, cancellation);
            }
            Wait(underWay);
        }
        catch
        {
            foreach (var picture in underWay)
                picture.Dispose();
            throw;
        }
        return
        [
            .. underWay.Select(picture => new EncodedPicture(
                picture.Of, picture.Vlm.Values, picture.Vm?.Values, placement.Context,
                new EncodingTimes(picture.Of.Milliseconds, picture.CutTime, picture.EncodeTime))),
        ];
    }

    /// <summary>What was queued on a device is done, or fails, here, in the stage that it belongs to, and its time is the encoders'.</summary>
    private void Wait(PictureUnderWay[] pictures)
    {
        long start = Stopwatch.GetTimestamp();
        placement.Synchronize();
        double share = Stopwatch.GetElapsedTime(start).TotalMilliseconds / Math.Max(1, pictures.Sum(picture => picture.Of.Windows.Length));
        foreach (var picture in pictures)
            picture.EncodeTime += share * picture.Of.Windows.Length;
    }

    /// <summary>Whether runs of the sizes that the pictures would have alone, and have together, give the same bits.</summary>
    private bool MayShare(PictureUnderWay[] group, RunShape shape, CancellationToken cancellation)
    {
        if (sharing is null || group.Length == 1)
            return false;
        IEnumerable<int> RunSizes(int windows) => new[] { windows < batchSize ? 0 : batchSize, windows % batchSize }.Where(size => size > 0);
        var sizes = group.Select(picture => picture.Of.Windows.Length).Append(group.Sum(picture => picture.Of.Windows.Length)).SelectMany(RunSizes);
        using var alone = placement.Hold();
        return sharing.Allow(shape, sizes.Distinct().Order(), cancellation);
    }

    /// <summary>The windows in their order, in runs of the batch size: the pieces of pictures that each run is made of.</summary>
    private IEnumerable<List<Piece>> Runs(PictureUnderWay[] pictures)
    {
        var run = new List<Piece>();
        int room = batchSize;
        foreach (var picture in pictures)
        {
            for (int first = 0; first < picture.Of.Windows.Length;)
            {
                int count = Math.Min(room, picture.Of.Windows.Length - first);
                run.Add(new Piece(picture, first, count));
                first += count;
                room -= count;
                if (room > 0)
                    continue;
                yield return run;
                run = [];
                room = batchSize;
            }
        }
        if (run.Count > 0)
            yield return run;
    }

    private void EncodeRun(List<Piece> run, RunShape shape, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var alone = placement.Hold();
        long start = Stopwatch.GetTimestamp();
        using var vlmPixels = Cut(run, bundle.Vlm, shape.Vlm);
        using var vmPixels = shape.NeedsVm && !encoder.SharesWindows ? Cut(run, bundle.Vm, shape.Vm) : null;
        double cut = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        start = Stopwatch.GetTimestamp();
        var (encodedVlm, encodedVm) = encoder.Encode(placement, vlmPixels, vmPixels, shape.NeedsVm, cancellation);
        using var vm = encodedVm;
        using var vlm = ToGrid(encodedVlm, vm);
        double encode = Stopwatch.GetElapsedTime(start).TotalMilliseconds;

        int window = 0;
        foreach (var piece in run)
        {
            piece.Of.Vlm.Append(vlm, window, piece.Count);
            if (vm is not null)
                piece.Of.Vm!.Append(vm, window, piece.Count);
            // A run's time belongs to its pictures by their windows.
            piece.Of.CutTime += cut * piece.Count / vlmPixels.Shape[0];
            piece.Of.EncodeTime += encode * piece.Count / vlmPixels.Shape[0];
            window += piece.Count;
        }
    }

    private static int RequirePatches(Window[] windows, int patchSize, int width, int height)
    {
        long patches = Windows.CountPatches(windows, patchSize);
        return patches <= int.MaxValue ? (int)patches : throw new ArgumentException(
            $"the picture, {width} x {height} for the encoders, has {patches} patches, more than can be compared; choose a smaller ShortSide.");
    }

    /// <summary>A run's windows normalised for an encoder and padded to its patches.</summary>
    private EncoderTensor<float> Cut(List<Piece> run, ImageEncoderSpec spec, PixelSize window)
    {
        long size = 3L * window.Height * window.Width;
        var pixels = placement.Allocate<float>(run.Sum(piece => piece.Count), 3, window.Height, window.Width);
        try
        {
            int at = 0;
            foreach (var piece in run)
            {
                context.CutWindows(
                    piece.Of.Of.Input.View, piece.Of.Of.Windows.AsSpan(piece.First, piece.Count), spec.Mean.AsSpan(), spec.Std.AsSpan(),
                    pixels.Part(at * size, piece.Count, 3, window.Height, window.Width));
                at += piece.Count;
            }
            return pixels;
        }
        catch
        {
            pixels.Dispose();
            throw;
        }
    }

    /// <summary>Features on the grid of others, each window's resized where theirs is another; as they are where there are no others.</summary>
    private EncoderTensor<float> ToGrid(EncoderTensor<float> features, EncoderTensor<float>? grid)
    {
        var (windows, height, width, dimensions) = (features.Shape[0], features.Shape[1], features.Shape[2], features.Shape[3]);
        if (grid is null || (grid.Shape[1], grid.Shape[2]) == (height, width))
            return features;
        using (features)
        {
            var (gridHeight, gridWidth) = (grid.Shape[1], grid.Shape[2]);
            var resized = placement.Allocate<float>(windows, gridHeight, gridWidth, dimensions);
            try
            {
                for (long window = 0; window < windows; window++)
                {
                    context.Resize(
                        features.Part(window * height * width * dimensions, height, width, dimensions).AsReadOnly(),
                        resized.Part(window * gridHeight * gridWidth * dimensions, gridHeight, gridWidth, dimensions));
                }
                return resized;
            }
            catch
            {
                resized.Dispose();
                throw;
            }
        }
    }

    /// <summary>A picture under way, and the times of its share in runs.</summary>
    private sealed record PictureUnderWay(PreparedPicture Of, FeatureRows Vlm, FeatureRows? Vm) : IDisposable
    {
        public double CutTime { get; set; }

        public double EncodeTime { get; set; }

        public void Dispose()
        {
            Vlm.Dispose();
            Vm?.Dispose();
        }
    }

    /// <summary>Some windows of a picture.</summary>
    private sealed record Piece(PictureUnderWay Of, int First, int Count);

    /// <summary>Features of all windows, gathered run by run.</summary>
    private sealed class FeatureRows(EncoderPlacement placement, int patches) : IDisposable
    {
        private EncoderTensor<float>? _values;
        private long _filled;

        /// <summary>[N, D], complete when the last run was appended.</summary>
        public EncoderTensor<float> Values => _values!;

        public void Append(EncoderTensor<float> features, int firstWindow, int windows)
        {
            long dimensions = features.Shape[3];
            if (_values is null)
            {
                if (!placement.IsOnDevice && patches * dimensions > Array.MaxLength)
                    throw new ArgumentException(
                        $"the picture has {patches} patches with {dimensions} features each, more than an array holds; choose a smaller ShortSide.");
                _values = placement.Allocate<float>(patches, dimensions);
            }
            long rows = windows * features.Shape[1] * features.Shape[2];
            placement.Copy(
                features.Part(firstWindow * features.Shape[1] * features.Shape[2] * dimensions, rows, dimensions),
                _values.Part(_filled * dimensions, rows, dimensions));
            _filled += rows;
        }

        public void Dispose() => _values?.Dispose();
    }
}
