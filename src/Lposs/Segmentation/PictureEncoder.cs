using System.Diagnostics;
using Lposs.Encoding;
using Lposs.Imaging;
using Lposs.Models;

namespace Lposs.Segmentation;

/// <summary>From pictures to the features of their patches: resize, windows, encoders, one grid for both features.</summary>
/// <param name="context">Resizes and cuts; not thread-safe.</param>
/// <param name="bundle">Says how pictures are brought before its encoders.</param>
/// <param name="encoder">The bundle's encoders; others may use them too.</param>
/// <param name="batchSize">Windows in one run of the encoders.</param>
/// <param name="sharing">Says whether pictures may share a run; null: each has runs of its own.</param>
internal sealed class PictureEncoder(
    LpossContext context, ModelBundle bundle, ImageEncoder encoder, int batchSize, SharedRuns? sharing = null)
{
    /// <summary>Windows in one run of the encoders.</summary>
    public int BatchSize => batchSize;

    /// <summary>Encodes one picture.</summary>
    public EncodedPicture Encode(RgbImage picture, SegmentationSettings settings, CancellationToken cancellation) =>
        Encode([Prepare(picture, settings, cancellation)], settings, cancellation)[0];

    /// <summary>Brings a picture to the encoders' size and lays windows over it: what can fail for reasons of its own.</summary>
    public PreparedPicture Prepare(RgbImage picture, SegmentationSettings settings, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        long start = Stopwatch.GetTimestamp();
        var (width, height) = ModelInput.SizeFor(picture.Width, picture.Height, bundle.Picture, settings);
        var input = ModelInput.Resize(context, picture, width, height);
        var windows = Windows.Create(height, width, bundle.Picture.Crop, bundle.Picture.Stride);
        int patchSize = (settings.NeedsVm ? bundle.Vm : bundle.Vlm).PatchSize;
        int patches = RequirePatches(windows, patchSize, width, height);
        return new PreparedPicture(picture, input, windows, patchSize, patches, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    /// <summary>
    /// Encodes pictures together: windows of one shape, one picture's after the other's, go through the encoders in runs of
    /// <see cref="BatchSize"/>, so that small pictures fill a run together. Each picture's features are the same bits as if it
    /// had been encoded alone.
    /// </summary>
    /// <param name="pictures">Prepared with the same settings.</param>
    /// <param name="settings">How.</param>
    /// <param name="cancellation">Looked at between runs.</param>
    public IReadOnlyList<EncodedPicture> Encode(
        IReadOnlyList<PreparedPicture> pictures, SegmentationSettings settings, CancellationToken cancellation)
    {
        bool needsVm = settings.NeedsVm;
        PictureUnderWay[] underWay =
        [
            .. pictures.Select(picture => new PictureUnderWay(
                picture, new FeatureRows(picture.Patches), needsVm ? new FeatureRows(picture.Patches) : null)),
        ];
        // The windows of a picture are all of one size.
        foreach (var sameShape in underWay.GroupBy(picture => RunShape.Of(picture.Of.Windows[0], bundle, needsVm)))
        {
            PictureUnderWay[] group = [.. sameShape];
            IEnumerable<PictureUnderWay[]> together =
                MayShare(group, sameShape.Key, cancellation) ? [group] : group.Select(picture => new[] { picture });
            foreach (var run in together.SelectMany(Runs))
                EncodeRun(run, sameShape.Key, cancellation);
        }
        return
        [
            .. underWay.Select(picture => new EncodedPicture(
                picture.Of.Picture, picture.Of.Input, picture.Of.Windows, picture.Of.PatchSize,
                picture.Vlm.ToMatrix(), picture.Vm?.ToMatrix(),
                new EncodingTimes(picture.Of.Milliseconds, picture.CutTime, picture.EncodeTime))),
        ];
    }

    /// <summary>Whether runs of the sizes that the pictures would have alone, and have together, give the same bits.</summary>
    private bool MayShare(PictureUnderWay[] group, RunShape shape, CancellationToken cancellation)
    {
        if (sharing is null || group.Length == 1)
            return false;
        IEnumerable<int> RunSizes(int windows) => new[] { windows < batchSize ? 0 : batchSize, windows % batchSize }.Where(size => size > 0);
        var sizes = group.Select(picture => picture.Of.Windows.Length).Append(group.Sum(picture => picture.Of.Windows.Length)).SelectMany(RunSizes);
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
        long start = Stopwatch.GetTimestamp();
        var vlmPixels = Cut(run, bundle.Vlm, shape.Vlm);
        var vmPixels = shape.NeedsVm && !encoder.SharesWindows ? Cut(run, bundle.Vm, shape.Vm) : null;
        double cut = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        start = Stopwatch.GetTimestamp();
        var (vlm, vm) = encoder.Encode(vlmPixels.View(), vmPixels is null ? default : vmPixels.View(), shape.NeedsVm, cancellation);
        if (vm is not null && !new EncodedWindows(vlm, vm).SameGrid)
            vlm = ToGrid(vlm, vm);
        double encode = Stopwatch.GetElapsedTime(start).TotalMilliseconds;

        int window = 0;
        foreach (var piece in run)
        {
            piece.Of.Vlm.Append(vlm, window, piece.Count);
            if (vm is not null)
                piece.Of.Vm!.Append(vm, window, piece.Count);
            // A run's time belongs to its pictures by their windows.
            piece.Of.CutTime += cut * piece.Count / vlmPixels.Count;
            piece.Of.EncodeTime += encode * piece.Count / vlmPixels.Count;
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
    private WindowPixels Cut(List<Piece> run, ImageEncoderSpec spec, PixelSize window)
    {
        int size = checked(3 * window.Height * window.Width);
        int count = run.Sum(piece => piece.Count);
        float[] pixels = new float[checked(count * size)];
        int at = 0;
        foreach (var piece in run)
        {
            context.CutWindows(
                piece.Of.Of.Input.View(), piece.Of.Of.Windows.AsSpan(piece.First, piece.Count), spec.Mean.AsSpan(), spec.Std.AsSpan(),
                new TensorView<float>(pixels.AsSpan(at * size, piece.Count * size), piece.Count, 3, window.Height, window.Width));
            at += piece.Count;
        }
        return new WindowPixels(pixels, count, window.Height, window.Width);
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

    private sealed record WindowPixels(float[] Pixels, int Count, int Height, int Width)
    {
        public WindowBatch View() => new(Pixels, Count, Height, Width);
    }

    /// <summary>A picture under way, and the times of its share in runs.</summary>
    private sealed record PictureUnderWay(PreparedPicture Of, FeatureRows Vlm, FeatureRows? Vm)
    {
        public double CutTime { get; set; }

        public double EncodeTime { get; set; }
    }

    /// <summary>Some windows of a picture.</summary>
    private sealed record Piece(PictureUnderWay Of, int First, int Count);

    /// <summary>Features of all windows, gathered run by run.</summary>
    private sealed class FeatureRows(int patches)
    {
        private float[] _values = [];
        private int _dimensions;
        private int _filled;

        public void Append(PatchFeatures features, int firstWindow, int windows)
        {
            if (_filled == 0)
            {
                _dimensions = features.Dimensions;
                if ((long)patches * _dimensions > Array.MaxLength)
                    throw new ArgumentException(
                        $"the picture has {patches} patches with {_dimensions} features each, more than an array holds; choose a smaller ShortSide.");
                _values = new float[patches * _dimensions];
            }
            int window = features.Values.Length / features.Windows;
            features.Values.Span.Slice(firstWindow * window, windows * window).CopyTo(_values.AsSpan(_filled));
            _filled += windows * window;
        }

        public FeatureMatrix ToMatrix() => new(patches, _dimensions, _values);
    }
}
