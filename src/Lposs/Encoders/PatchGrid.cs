namespace Lposs.Encoders;

/// <summary>
/// What an image encoder says of every patch of an image: [N, D] float32, row-major, window after window, row by row;
/// all windows have the same grid. The vectors need not be unit. Filled by the encoder, in any order.
/// </summary>
/// <param name="placement">Where it lies.</param>
/// <param name="windows">Windows of the image.</param>
/// <param name="height">Rows of patches in a window.</param>
/// <param name="width">Columns of patches in a window.</param>
internal sealed class PatchGrid(EncoderPlacement placement, int windows, int height, int width) : IDisposable
{
    private readonly Lock _guard = new();
    private EncoderTensor<float>? _values;

    /// <summary>Rows of patches in a window.</summary>
    public int Height => height;

    /// <summary>Columns of patches in a window.</summary>
    public int Width => width;

    /// <summary>[N, D], once the first window has said what D is.</summary>
    public EncoderTensor<float> Values => _values ?? throw new InvalidOperationException("no window is encoded yet.");

    /// <summary>D.</summary>
    public int Dimensions => (int)Values.Shape[1];

    /// <summary>Makes room for vectors of this length, once.</summary>
    /// <exception cref="ArgumentException">They are more than an array holds.</exception>
    public void Reserve(long dimensions)
    {
        lock (_guard)
        {
            if (_values is not null)
                return;
            long patches = (long)windows * height * width;
            if (!placement.IsOnDevice && patches * dimensions > Array.MaxLength)
                throw new ArgumentException(
                    $"the image has {patches} patches with {dimensions} features each, more than an array holds; "
                        + "choose a smaller ShortSide."
                );
            _values = placement.Allocate<float>(patches, dimensions);
        }
    }

    /// <summary>Takes the features of some windows, without the patches of their padding.</summary>
    /// <param name="run">[count, rows, columns, D], of this grid's size or larger.</param>
    /// <param name="first">The place of the first window among the image's.</param>
    public void Put(ReadOnlyTensorView<float> run, int first)
    {
        Reserve(run.Shape[3]);
        var (count, rows, columns, dimensions) = (run.Shape[0], run.Shape[1], run.Shape[2], run.Shape[3]);
        if ((rows, columns) == (height, width))
        {
            placement.Copy(
                run,
                Values.Part((long)first * height * width * dimensions, count, height, width, dimensions)
            );
            return;
        }
        // Rows that are as wide in both lie together.
        int together = width == columns ? height : 1;
        for (int window = 0; window < count; window++)
        {
            for (int y = 0; y < height; y += together)
            {
                placement.Copy(
                    run.Part((window * rows + y) * columns * dimensions, together, width, dimensions),
                    Rows(first + window, y, together)
                );
            }
        }
    }

    /// <summary>Some rows of a window, [rows, width, D].</summary>
    public TensorView<float> Rows(int window, long row, long rows) =>
        Values.Part(((long)window * height + row) * width * Dimensions, rows, width, Dimensions);

    /// <summary>Frees device memory; work that was queued before may still use it.</summary>
    public void Dispose() => _values?.Dispose();
}
