using Lposs.Models;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Lposs.Encoding;

/// <summary>
/// One ONNX image model and the outputs of it that a bundle uses: windows in, patch features out, in batches.
/// A model whose input has a fixed size gets smaller windows padded with black on the right and at the bottom, and
/// only the patches of the window itself are kept. Thread-safe.
/// </summary>
internal sealed class PatchEncoder : IDisposable
{
    private const int Free = -1;

    private readonly OnnxSession _session;
    private readonly ImageEncoderSpec[] _encoders;
    private readonly ModelOutput[] _outputs;
    private readonly Dictionary<(EncoderPlacement Placement, (int Height, int Width) Model), EncoderTensor<float>> _black = [];
    private readonly int _batchSize;
    private readonly int _fixedHeight;
    private readonly int _fixedWidth;

    /// <param name="bundle">Whose model it is.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="encoders">The outputs, all of the same file and input, with the same normalisation and patches.</param>
    public PatchEncoder(ModelBundle bundle, EncoderOptions options, params ImageEncoderSpec[] encoders)
    {
        _encoders = encoders;
        _session = new OnnxSession(bundle, encoders[0].File, options);
        try
        {
            var input = _session.RequireInput(encoders[0].Input, TensorElementType.Float, rank: 4);
            if (input[1] is not (3 or Free))
                throw _session.Mistake($"takes {input[1]} channels; it must take 3.");
            if (input[0] is not (1 or Free))
                throw _session.Mistake($"takes batches of {input[0]} only; the batch must be free or 1.");
            _batchSize = input[0] == 1 ? 1 : options.BatchSize;
            _fixedHeight = RequireFixedSide(input[2], bundle.Picture.Crop);
            _fixedWidth = RequireFixedSide(input[3], bundle.Picture.Crop);
            _outputs = [.. encoders.Select(encoder => OutputOf(_session.RequireOutput(encoder.Output, leastRank: 3, mostRank: 4)))];
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    /// <summary>Features of the first <paramref name="outputs"/> outputs, in the order given to the constructor.</summary>
    /// <param name="placement">Where the windows lie, and where the features will; on a device they may still be computed when this returns.</param>
    /// <param name="windows">[count, 3, height, width], normalised; both sides are multiples of the patch size.</param>
    /// <param name="outputs">How many outputs.</param>
    /// <param name="cancellation">Looked at between runs.</param>
    /// <returns>[count, grid height, grid width, dimensions] each, to be disposed by the caller.</returns>
    public EncoderTensor<float>[] Encode(
        EncoderPlacement placement, EncoderTensor<float> windows, int outputs, CancellationToken cancellation)
    {
        var (count, height, width) = ((int)windows.Shape[0], (int)windows.Shape[2], (int)windows.Shape[3]);
        (int Height, int Width) model = (ModelSide(height, _fixedHeight, "rows"), ModelSide(width, _fixedWidth, "columns"));
        if (count <= _batchSize && model == (height, width))
        {
            cancellation.ThrowIfCancellationRequested();
            return Run(placement, windows, outputs);
        }
        var features = new EncoderTensor<float>?[outputs];
        try
        {
            for (int start = 0; start < count; start += _batchSize)
            {
                cancellation.ThrowIfCancellationRequested();
                using var batch = Pad(placement, windows, start, Math.Min(_batchSize, count - start), model);
                var run = Run(placement, batch, outputs);
                try
                {
                    for (int o = 0; o < outputs; o++)
                        Gather(placement, run[o], start, features[o] ??= placement.Allocate<float>(
                            count, height / _encoders[o].PatchSize, width / _encoders[o].PatchSize, run[o].Shape[3]));
                }
                finally
                {
                    DisposeAll(run);
                }
            }
            return features!;
        }
        catch
        {
            DisposeAll(features);
            throw;
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        foreach (var black in _black.Values)
            black.Dispose();
    }

    private static ModelOutput OutputOf(IReadOnlyList<int> dimensions) => new(dimensions.Count, dimensions[^1]);

    /// <summary>Checks that the side of a fixed input fits the bundle's windows; a free side is 0.</summary>
    private int RequireFixedSide(int side, int crop)
    {
        if (side == Free)
            return 0;
        int patch = _encoders[0].PatchSize;
        if (side % patch != 0)
            throw _session.Mistake($"takes windows of {side} pixels, which is no multiple of patch_size {patch}.");
        if (side < crop)
            throw _session.Mistake($"takes windows of {side} pixels only, and the manifest's crop is {crop}.");
        return side;
    }

    private int ModelSide(int side, int fixedSide, string name)
    {
        int patch = _encoders[0].PatchSize;
        if (side % patch != 0)
            throw new ArgumentException($"windows have {side} {name}; that must be a multiple of the patch size {patch}.");
        if (fixedSide != 0 && side > fixedSide)
            throw new ArgumentException($"windows have {side} {name}; the encoder takes {fixedSide} at most.");
        return fixedSide == 0 ? side : fixedSide;
    }

    /// <summary>Some of the windows, each enlarged to the model's size by what black pixels become when normalised.</summary>
    private EncoderTensor<float> Pad(EncoderPlacement placement, EncoderTensor<float> windows, int start, int count, (int Height, int Width) model)
    {
        var (height, width) = ((int)windows.Shape[2], (int)windows.Shape[3]);
        var padded = placement.Allocate<float>(count, 3, model.Height, model.Width);
        try
        {
            if (model == (height, width))
            {
                placement.Copy(windows.Part((long)start * 3 * height * width, count, 3, height, width), padded.View);
                return padded;
            }
            var black = BlackWindow(placement, model);
            for (int window = 0; window < count; window++)
                placement.Copy(black.View, padded.Part(window * black.Shape.Count, 3, model.Height, model.Width));
            // Rows that are as wide in both lie together.
            int together = width == model.Width ? height : 1;
            for (int plane = 0; plane < count * 3; plane++)
            {
                for (int y = 0; y < height; y += together)
                {
                    placement.Copy(
                        windows.Part((((long)start * 3 + plane) * height + y) * width, together, width),
                        padded.Part(((long)plane * model.Height + y) * model.Width, together, width));
                }
            }
            return padded;
        }
        catch
        {
            padded.Dispose();
            throw;
        }
    }

    /// <summary>A window of the model's size without a picture, kept for the next time: to a device it goes once.</summary>
    private EncoderTensor<float> BlackWindow(EncoderPlacement placement, (int Height, int Width) model)
    {
        lock (_black)
        {
            if (_black.TryGetValue((placement, model), out var known))
                return known;
            int plane = model.Height * model.Width;
            float[] values = new float[checked(3 * plane)];
            for (int channel = 0; channel < 3; channel++)
                values.AsSpan(channel * plane, plane).Fill(-_encoders[0].Mean[channel] / _encoders[0].Std[channel]);
            var black = placement.Allocate<float>(3, model.Height, model.Width);
            _black.Add((placement, model), black);
            placement.Copy<float>(new TensorView<float>(values, black.Shape), black.View);
            return black;
        }
    }

    /// <summary>Puts a run's features where they belong, without the patches of the padding.</summary>
    private static void Gather(EncoderPlacement placement, EncoderTensor<float> run, int start, EncoderTensor<float> features)
    {
        var (height, width, dimensions) = (features.Shape[1], features.Shape[2], features.Shape[3]);
        var (modelHeight, modelWidth) = (run.Shape[1], run.Shape[2]);
        long together = width == modelWidth ? height : 1;
        for (long window = 0; window < run.Shape[0]; window++)
        {
            for (long y = 0; y < height; y += together)
            {
                placement.Copy(
                    run.Part((window * modelHeight + y) * modelWidth * dimensions, together, width, dimensions),
                    features.Part(((start + window) * height + y) * width * dimensions, together, width, dimensions));
            }
        }
    }

    /// <summary>One run on windows of the model's size.</summary>
    private EncoderTensor<float>[] Run(EncoderPlacement placement, EncoderTensor<float> windows, int outputs)
    {
        string[] names = [.. _encoders.Take(outputs).Select(encoder => encoder.Output)];
        return placement.IsOnDevice ? RunBound(placement, windows, names) : RunOnArrays(windows, names);
    }

    private EncoderTensor<float>[] RunOnArrays(EncoderTensor<float> windows, string[] names)
    {
        var shape = windows.Shape;
        using var results = _session.Run<float>(
            _encoders[0].Input, windows.View.HostSpan, TensorElementType.Float, [shape[0], 3, shape[2], shape[3]], names);
        return
        [
            .. names.Select((name, o) =>
            {
                var grid = RequireShape(name, results[o].GetTensorTypeAndShape().Shape, shape);
                return new EncoderTensor<float>(results[o].GetTensorDataAsSpan<float>().ToArray(), shape[0], grid.Height, grid.Width, grid.Dimensions);
            }),
        ];
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
                bound.Add((names[o], features[o]!, _outputs[o].Rank == 4 ? [shape[0], height, width, dimensions] : [shape[0], height * width, dimensions]));
            }
            try
            {
                _session.RunBound(placement, _encoders[0].Input, windows, bound);
            }
            catch (ModelBundleException)
            {
                // ONNX Runtime tells that an output has another shape in words of its own; where it is that, ours say which.
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
            _outputs[o] = new ModelOutput(shapes[o].Length, RequireShape(names[o], shapes[o], windows.Shape).Dimensions);
    }

    /// <summary>The model's grid and dimensions, if the output has them: [B, gh, gw, D] or [B, gh * gw, D].</summary>
    private (long Height, long Width, int Dimensions) RequireShape(string name, long[] shape, TensorShape windows)
    {
        int patch = _encoders[0].PatchSize;
        var (count, gridHeight, gridWidth) = (windows[0], windows[2] / patch, windows[3] / patch);
        ReadOnlySpan<long> right = shape.Length == 4 ? [count, gridHeight, gridWidth] : [count, gridHeight * gridWidth];
        if (!shape.AsSpan(0, shape.Length - 1).SequenceEqual(right) || shape[^1] is < 1 or > int.MaxValue)
        {
            throw _session.Mistake(
                $"gives output {name} the shape {string.Join(" x ", shape)} for {count} windows of {windows[2]} x {windows[3]}; "
                + $"with patch_size {patch} it must be {count} x {gridHeight * gridWidth} x D or {count} x {gridHeight} x {gridWidth} x D.");
        }
        return (gridHeight, gridWidth, (int)shape[^1]);
    }

    private static void DisposeAll(EncoderTensor<float>?[] tensors)
    {
        foreach (var tensor in tensors)
            tensor?.Dispose();
    }

    /// <summary>What is known of an output's shape; <see cref="Free"/> dimensions are learnt from the first run that is bound.</summary>
    private sealed record ModelOutput(int Rank, int Dimensions);
}
