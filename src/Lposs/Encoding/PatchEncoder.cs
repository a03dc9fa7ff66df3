using Lposs.Models;
using Microsoft.ML.OnnxRuntime;
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
            foreach (var encoder in encoders)
                _session.RequireOutput(encoder.Output, leastRank: 3, mostRank: 4);
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    /// <summary>Features of the first <paramref name="outputs"/> outputs, in the order given to the constructor.</summary>
    public PatchFeatures[] Encode(WindowBatch windows, int outputs, CancellationToken cancellation)
    {
        int modelHeight = ModelSide(windows.Height, _fixedHeight, "rows");
        int modelWidth = ModelSide(windows.Width, _fixedWidth, "columns");
        string[] names = [.. _encoders.Take(outputs).Select(encoder => encoder.Output)];
        var grids = new GridCopy[outputs];
        for (int start = 0; start < windows.Count; start += _batchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            var batch = windows.Slice(start, Math.Min(_batchSize, windows.Count - start));
            using var results = _session.Run(
                _encoders[0].Input,
                Pad(batch, modelHeight, modelWidth),
                TensorElementType.Float,
                [batch.Count, 3, modelHeight, modelWidth],
                names);
            for (int o = 0; o < outputs; o++)
            {
                var shape = RequireShape(names[o], results[o], batch.Count, modelHeight, modelWidth);
                grids[o] ??= new GridCopy(windows, shape, _encoders[o].PatchSize);
                grids[o].Add(results[o].GetTensorDataAsSpan<float>(), start, batch.Count);
            }
        }
        return [.. grids.Select(grid => grid.Features)];
    }

    public void Dispose() => _session.Dispose();

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

    /// <summary>The windows, each enlarged to the model's size by what black pixels become when normalised.</summary>
    private ReadOnlySpan<float> Pad(WindowBatch windows, int height, int width)
    {
        if (windows.Height == height && windows.Width == width)
            return windows.Pixels;
        var padded = new float[checked(windows.Count * 3 * height * width)];
        for (int plane = 0; plane < windows.Count * 3; plane++)
        {
            var to = padded.AsSpan(plane * height * width, height * width);
            var from = windows.Pixels.Slice(plane * windows.Height * windows.Width, windows.Height * windows.Width);
            to.Fill(-_encoders[0].Mean[plane % 3] / _encoders[0].Std[plane % 3]);
            for (int y = 0; y < windows.Height; y++)
                from.Slice(y * windows.Width, windows.Width).CopyTo(to[(y * width)..]);
        }
        return padded;
    }

    /// <summary>The model's grid and dimensions, if the output has them: [B, gh, gw, D] or [B, gh * gw, D].</summary>
    private (int GridHeight, int GridWidth, int Dimensions) RequireShape(
        string name, OrtValue output, int count, int modelHeight, int modelWidth)
    {
        int patch = _encoders[0].PatchSize;
        long gridHeight = modelHeight / patch;
        long gridWidth = modelWidth / patch;
        long[] shape = output.GetTensorTypeAndShape().Shape;
        ReadOnlySpan<long> right = shape.Length == 4 ? [count, gridHeight, gridWidth] : [count, gridHeight * gridWidth];
        if (!shape.AsSpan(0, shape.Length - 1).SequenceEqual(right) || shape[^1] is < 1 or > int.MaxValue)
        {
            throw _session.Mistake(
                $"gives output {name} the shape {string.Join(" x ", shape)} for {count} windows of {modelHeight} x {modelWidth}; "
                + $"with patch_size {patch} it must be {count} x {gridHeight * gridWidth} x D or {count} x {gridHeight} x {gridWidth} x D.");
        }
        return ((int)gridHeight, (int)gridWidth, (int)shape[^1]);
    }

    /// <summary>Gathers the batches of one output, leaving out the patches of the padding.</summary>
    private sealed class GridCopy
    {
        private readonly float[] _values;
        private readonly (int GridHeight, int GridWidth, int Dimensions) _model;

        public GridCopy(WindowBatch windows, (int GridHeight, int GridWidth, int Dimensions) model, int patch)
        {
            int gridHeight = windows.Height / patch;
            int gridWidth = windows.Width / patch;
            var values = (Int128)windows.Count * gridHeight * gridWidth * model.Dimensions;
            if (values > Array.MaxLength)
                throw new ArgumentException($"the features of {windows.Count} windows are {values} numbers, more than an array holds; use fewer windows.");
            _model = model;
            _values = new float[(int)values];
            Features = new PatchFeatures(windows.Count, gridHeight, gridWidth, model.Dimensions, _values);
        }

        public PatchFeatures Features { get; }

        public void Add(ReadOnlySpan<float> batch, int start, int count)
        {
            int row = Features.GridWidth * _model.Dimensions;
            for (int window = 0; window < count; window++)
            {
                for (int y = 0; y < Features.GridHeight; y++)
                {
                    int from = (window * _model.GridHeight + y) * _model.GridWidth * _model.Dimensions;
                    int to = ((start + window) * Features.GridHeight + y) * row;
                    batch.Slice(from, row).CopyTo(_values.AsSpan(to));
                }
            }
        }
    }
}
