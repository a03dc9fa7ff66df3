namespace Lposs.Encoding;

/// <summary>
/// Windows of one picture or several, ready for an encoder: [count, 3, height, width] float32, row-major, red, green, blue,
/// normalised by the encoder's mean and std; height and width are multiples of its patch size.
/// </summary>
public readonly ref struct WindowBatch
{
    /// <param name="pixels">All windows, one after the other.</param>
    /// <param name="count">Windows.</param>
    /// <param name="height">Rows of a window.</param>
    /// <param name="width">Columns of a window.</param>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> has another size.</exception>
    public WindowBatch(ReadOnlySpan<float> pixels, int count, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (pixels.Length != (Int128)count * 3 * height * width)
            throw new ArgumentException($"pixels has {pixels.Length} values; {count} windows of 3 x {height} x {width} have another number.");
        Pixels = pixels;
        Count = count;
        Height = height;
        Width = width;
    }

    /// <summary>The values.</summary>
    public ReadOnlySpan<float> Pixels { get; }

    /// <summary>Number of windows.</summary>
    public int Count { get; }

    /// <summary>Rows of a window.</summary>
    public int Height { get; }

    /// <summary>Columns of a window.</summary>
    public int Width { get; }
}
