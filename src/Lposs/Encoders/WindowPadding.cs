namespace Lposs.Encoders;

/// <summary>
/// For a model whose input has a fixed size: windows enlarged to it, on the right and at the bottom, by what black
/// becomes when normalised. Thread-safe.
/// </summary>
internal sealed class WindowPadding(ReadOnlyMemory<float> mean, ReadOnlyMemory<float> std) : IDisposable
{
    private readonly Dictionary<(EncoderPlacement Placement, PixelSize Model), EncoderTensor<float>> _black = [];

    /// <summary>Some of the windows [count, 3, height, width] in the model's size.</summary>
    public EncoderTensor<float> Enlarge(
        EncoderPlacement placement,
        EncoderTensor<float> windows,
        int first,
        int count,
        PixelSize model
    )
    {
        var (height, width) = ((int)windows.Shape[2], (int)windows.Shape[3]);
        var padded = placement.Allocate<float>(count, 3, model.Height, model.Width);
        try
        {
            if (model == new PixelSize(height, width))
            {
                placement.Copy(windows.Part((long)first * 3 * height * width, count, 3, height, width), padded.View);
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
                        windows.Part((((long)first * 3 + plane) * height + y) * width, together, width),
                        padded.Part(((long)plane * model.Height + y) * model.Width, together, width)
                    );
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

    public void Dispose()
    {
        foreach (var black in _black.Values)
            black.Dispose();
    }

    /// <summary>A window of the model's size without an image, kept for the next time: to a device it goes
    /// once.</summary>
    private EncoderTensor<float> BlackWindow(EncoderPlacement placement, PixelSize model)
    {
        lock (_black)
        {
            if (_black.TryGetValue((placement, model), out var known))
                return known;
            int plane = model.Height * model.Width;
            float[] values = new float[checked(3 * plane)];
            for (int channel = 0; channel < 3; channel++)
                values.AsSpan(channel * plane, plane).Fill(-mean.Span[channel] / std.Span[channel]);
            var black = placement.Allocate<float>(3, model.Height, model.Width);
            _black.Add((placement, model), black);
            placement.Copy<float>(new TensorView<float>(values, black.Shape), black.View);
            return black;
        }
    }
}
