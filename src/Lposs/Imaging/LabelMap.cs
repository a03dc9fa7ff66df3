namespace Lposs.Imaging;

/// <summary>A label for every pixel: row-major [height, width], 0 to 65535. What a label means, and whether one of them
/// means "ignore", is the caller's convention.</summary>
public sealed class LabelMap
{
    /// <summary>The most pixels that a label map can have: one .NET array holds it.</summary>
    public const int MaximumPixels = 0x7FFFFFC7;

    private readonly ushort[] _labels;

    /// <summary>Makes a label map of labels, which are not copied: the array belongs to the map from now on.</summary>
    /// <param name="width">Pixels in a row, 1 or more.</param>
    /// <param name="height">Rows, 1 or more.</param>
    /// <param name="labels">[height, width]: height x width labels.</param>
    /// <exception cref="ArgumentException">A size is out of range, or the array has another length.</exception>
    public LabelMap(int width, int height, ushort[] labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        int count = PixelCount.Checked(width, height, MaximumPixels);
        if (labels.Length != count)
            throw new ArgumentException(
                $"labels holds {labels.Length} labels; a map of {width} x {height} pixels has {count}.", nameof(labels));
        Width = width;
        Height = height;
        _labels = labels;
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>All labels, [height, width].</summary>
    public ReadOnlyMemory<ushort> Labels => _labels;

    /// <summary>One row, [width].</summary>
    /// <param name="y">0 to Height - 1, from the top.</param>
    public ReadOnlySpan<ushort> Row(int y)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(y, Height);
        return _labels.AsSpan(y * Width, Width);
    }

    /// <summary>The label of one pixel.</summary>
    /// <param name="x">0 to Width - 1, from the left.</param>
    /// <param name="y">0 to Height - 1, from the top.</param>
    public ushort this[int x, int y] => Row(y)[x];

    /// <summary>The greatest label in the map.</summary>
    public ushort Maximum()
    {
        ushort maximum = 0;
        foreach (ushort label in _labels) maximum = Math.Max(maximum, label);
        return maximum;
    }
}
