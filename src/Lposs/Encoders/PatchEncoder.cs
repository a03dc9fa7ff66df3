using Microsoft.ML.OnnxRuntime.Tensors;

namespace Lposs.Encoders;

/// <summary>
/// One ONNX image model and the outputs of it that a bundle uses: windows in, patch features out. On the processor each
/// window has a run of its own (<see cref="EncoderThreads"/>); on a device windows go in batches. A model whose input
/// has a fixed size gets smaller windows padded (<see cref="WindowPadding"/>), and only the patches of the window
/// itself are kept. Thread-safe.
/// </summary>
internal sealed class PatchEncoder : IDisposable
{
    private const int Free = -1;

    private readonly OnnxSession _session;
    private readonly ImageEncoderSpec[] _encoders;
    private readonly ModelOutput[] _outputs;
    private readonly WindowPadding _padding;
    private readonly int _threads;
    private readonly int _batchSize;
    private readonly int _fixedHeight;
    private readonly int _fixedWidth;

    /// <param name="bundle">Whose model it is.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="encoders">The outputs, all of the same file and input, with the same normalisation and
    /// patches.</param>
    public PatchEncoder(IEncoderFiles bundle, EncoderOptions options, params ImageEncoderSpec[] encoders)
    {
        _encoders = encoders;
        _threads = EncoderThreads.Of(options);
        _padding = new WindowPadding(encoders[0].Mean.AsMemory(), encoders[0].Std.AsMemory());
        _session = new OnnxSession(bundle.PathOf(encoders[0].File), options);
        try
        {
            var input = _session.RequireInput(encoders[0].Input, TensorElementType.Float, rank: 4);
            if (input[1] is not (3 or Free))
                throw _session.Error($"takes {input[1]} channels; it must take 3.");
            if (input[0] is not (1 or Free))
                throw _session.Error($"takes batches of {input[0]} only; the batch must be free or 1.");
            _batchSize = input[0] == 1 ? 1 : options.BatchSize;
            _fixedHeight = RequireFixedSide(input[2], bundle.Crop);
            _fixedWidth = RequireFixedSide(input[3], bundle.Crop);
            _outputs =
            [
                .. encoders.Select(encoder =>
                    OutputOf(_session.RequireOutput(encoder.Output, leastRank: 3, mostRank: 4))
                ),
            ];
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    /// <summary>How many windows are worth giving at a time.</summary>
    public int WindowsAtATime(EncoderPlacement placement) =>
        placement.IsOnDevice ? _batchSize : Math.Max(_batchSize, _threads);

    /// <summary>Encodes windows; the first <paramref name="features"/>.Length outputs are wanted, in the order given to
    /// the constructor.</summary>
    /// <param name="placement">Where the windows lie, and the features; on a device they may still be computed when
    /// this returns.</param>
    /// <param name="windows">[count, 3, height, width], normalised; both sides are multiples of the patch size.</param>
    /// <param name="features">What is filled, one for each output.</param>
    /// <param name="first">The place of the first window among the image's.</param>
    /// <param name="cancellationToken">Looked at between runs.</param>
    public void Encode(
        EncoderPlacement placement,
        EncoderTensor<float> windows,
        PatchGrid[] features,
        int first,
        CancellationToken cancellationToken
    )
    {
        int count = (int)windows.Shape[0];
        var size = new PixelSize((int)windows.Shape[2], (int)windows.Shape[3]);
        var model = new PixelSize(
            ModelSide(size.Height, _fixedHeight, "rows"),
            ModelSide(size.Width, _fixedWidth, "columns")
        );
        if (!placement.IsOnDevice)
        {
            EncoderThreads.ForEach(
                count,
                _threads,
                window => EncodeOnArrays(windows, window, model, features, first + window),
                cancellationToken
            );
            return;
        }
        for (int start = 0; start < count; start += _batchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int batch = Math.Min(_batchSize, count - start);
            bool isWhole = batch == count && model == size;
            var pixels = isWhole ? windows : _padding.Enlarge(placement, windows, start, batch, model);
            EncoderTensor<float>[] run = [];
            try
            {
                run = RunBound(placement, pixels, [.. Names(features.Length)]);
                for (int o = 0; o < features.Length; o++)
                    features[o].Put(run[o].View, first + start);
            }
            finally
            {
                DisposeAll(run);
                if (!isWhole)
                    pixels.Dispose();
            }
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _padding.Dispose();
    }

    /// <summary>One window in a run of its own; each feature is copied once, from ONNX Runtime's memory to its
    /// place.</summary>
    private void EncodeOnArrays(
        EncoderTensor<float> windows,
        int window,
        PixelSize model,
        PatchGrid[] features,
        int target
    )
    {
        var (height, width) = (windows.Shape[2], windows.Shape[3]);
        var own = windows.Part(window * 3 * height * width, 3, height, width);
        var pixels =
            model == new PixelSize((int)height, (int)width)
                ? own
                : _padding.Enlarge(EncoderPlacement.Arrays, windows, window, 1, model).View;
        string[] names = [.. Names(features.Length)];
        var shape = new TensorShape([1, 3, model.Height, model.Width]);
        using var results = _session.Run<float>(
            _encoders[0].Input,
            pixels.HostSpan,
            TensorElementType.Float,
            [1, 3, model.Height, model.Width],
            names
        );
        for (int o = 0; o < names.Length; o++)
        {
            var grid = RequireShape(names[o], results[o].GetTensorTypeAndShape().Shape, shape);
            features[o]
                .Put(
                    new ReadOnlyTensorView<float>(
                        results[o].GetTensorDataAsSpan<float>(),
                        1,
                        grid.Height,
                        grid.Width,
                        grid.Dimensions
                    ),
                    target
                );
        }
    }

    private IEnumerable<string> Names(int outputs) => _encoders.Take(outputs).Select(encoder => encoder.Output);

    private static ModelOutput OutputOf(IReadOnlyList<int> dimensions) => new(dimensions.Count, dimensions[^1]);

    /// <summary>Checks that the side of a fixed input fits the bundle's windows; a free side is 0.</summary>
    private int RequireFixedSide(int side, int crop)
    {
        if (side == Free)
            return 0;
        int patch = _encoders[0].PatchSize;
        if (side % patch != 0)
            throw _session.Error($"takes windows of {side} pixels, which is no multiple of patch_size {patch}.");
        if (side < crop)
            throw _session.Error($"takes windows of {side} pixels only, and the manifest's crop is {crop}.");
        return side;
    }

    private int ModelSide(int side, int fixedSide, string name)
    {
        int patch = _encoders[0].PatchSize;
        if (side % patch != 0)
            throw new ArgumentException(
                $"windows have {side} {name}; that must be a multiple of the patch size {patch}."
            );
        if (fixedSide != 0 && side > fixedSide)
            throw new ArgumentException($"windows have {side} {name}; the encoder takes {fixedSide} at most.");
        return fixedSide == 0 ? side : fixedSide;
    }

    private EncoderTensor<float>[] RunBound(EncoderPlacement placement, EncoderTensor<float> windows, string[] names)
    {
        var shape = windows.Shape;
        if (names.Where((_, o) => _outputs[o].Dimensions == Free).Any())
            LearnDimensions(placement, windows, names);
        var (height, width) = (shape[2] / _encoders[0].PatchSize, shape[3] / _encoders[0].PatchSize);
        var features = new EncoderTensor<float>?[names.Length];
        try
        {
            var bound = new List<(string, EncoderTensor<float>, long[])>();
            for (int o = 0; o < names.Length; o++)
            {
                long dimensions = _outputs[o].Dimensions;
                features[o] = placement.Allocate<float>(shape[0], height, width, dimensions);
                bound.Add(
                    (
                        names[o],
                        features[o]!,
                        _outputs[o].Rank == 4
                            ? [shape[0], height, width, dimensions]
                            : [shape[0], height * width, dimensions]
                    )
                );
            }
            try
            {
                _session.RunBound(placement, _encoders[0].Input, windows, bound);
            }
            catch (LpossException failure) when (failure.Code == LpossErrorCode.InvalidBundle)
            {
                // ONNX Runtime tells that an output has another shape in words of its own; where it is that, ours say
                // which.
                LearnDimensions(placement, windows, names);
                throw;
            }
            return features!;
        }
        catch
        {
            DisposeAll(features);
            throw;
        }
    }

    /// <summary>By a run whose outputs may have any shape.</summary>
    private void LearnDimensions(EncoderPlacement placement, EncoderTensor<float> windows, string[] names)
    {
        long[][] shapes = _session.ShapesOf(placement, _encoders[0].Input, windows, names);
        for (int o = 0; o < names.Length; o++)
            _outputs[o] = new ModelOutput(
                shapes[o].Length,
                RequireShape(names[o], shapes[o], windows.Shape).Dimensions
            );
    }

    /// <summary>The model's grid and dimensions, if the output has them: [B, gh, gw, D] or [B, gh * gw, D].</summary>
    private (long Height, long Width, int Dimensions) RequireShape(string name, long[] shape, TensorShape windows)
    {
        int patch = _encoders[0].PatchSize;
        var (count, gridHeight, gridWidth) = (windows[0], windows[2] / patch, windows[3] / patch);
        ReadOnlySpan<long> right = shape.Length == 4 ? [count, gridHeight, gridWidth] : [count, gridHeight * gridWidth];
        if (!shape.AsSpan(0, shape.Length - 1).SequenceEqual(right) || shape[^1] is < 1 or > int.MaxValue)
        {
            throw _session.Error(
                $"gives output {name} the shape {string.Join(" x ", shape)} for {count} windows of {windows[2]} x "
                    + $"{windows[3]}; "
                    + $"with patch_size {patch} it must be {count} x {gridHeight * gridWidth} x D or {count} x "
                    + $"{gridHeight} x {gridWidth} x D."
            );
        }
        return (gridHeight, gridWidth, (int)shape[^1]);
    }

    private static void DisposeAll(EncoderTensor<float>?[] tensors)
    {
        foreach (var tensor in tensors)
            tensor?.Dispose();
    }

    /// <summary>What is known of an output's shape; <see cref="Free"/> dimensions are learnt from the first run that is
    /// bound.</summary>
    private sealed record ModelOutput(int Rank, int Dimensions);
}
