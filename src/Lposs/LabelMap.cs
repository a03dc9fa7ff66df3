using Lposs.Imaging;

namespace Lposs;

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
                $"labels holds {labels.Length} labels; a map of {width} x {height} pixels has {count}.",
                nameof(labels)
            );
        Width = width;
        Height = height;
        _labels = labels;
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>The label of pixels that have no class, since their image has no data there: 255, or 65535 where a
    /// class has the id 255. Null where every pixel has a class.</summary>
    public ushort? NoData { get; init; }

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
        foreach (ushort label in _labels)
            maximum = Math.Max(maximum, label);
        return maximum;
    }

    /// <summary>Reads a label map.</summary>
    /// <param name="path">A PNG: indexed (the indices are the labels; the colours are not looked at) or gray (the
    /// values are the labels), with 1, 2, 4, 8 or 16 bits, not interlaced.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <returns>The labels, [height, width].</returns>
    /// <exception cref="LpossException">The file cannot be read as a label map; the code says why.</exception>
    public static LabelMap Load(string path, ImageReadOptions? options = null) => LabelPng.Read(path, options);

    /// <summary>Writes the labels as a PNG file, which appears whole or not at all.</summary>
    /// <param name="path">Where the file is to appear; replaced if it is there.</param>
    /// <param name="palette">The colours of the labels; without effect on a gray PNG. If all labels are 255 or less,
    /// the file is an indexed PNG with 8 bits and a palette of 256 colours, else a gray PNG with 16 bits.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SavePng(string path, Palette palette) => LabelPng.Write(path, this, palette);
}
