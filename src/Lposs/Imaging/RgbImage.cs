namespace Lposs.Imaging;

/// <summary>A picture in memory: sRGB, 8 bits a channel, row-major [height, width, 3], without padding.</summary>
public sealed class RgbImage
{
    /// <summary>The most pixels that a picture can have, about 715 megapixels: one .NET array holds it.</summary>
    public const int MaximumPixels = 0x7FFFFFC7 / 3;

    private readonly byte[] _pixels;

    /// <summary>Makes a picture of bytes, which are not copied: the array belongs to the picture from now on.</summary>
    /// <param name="width">Pixels in a row, 1 or more.</param>
    /// <param name="height">Rows, 1 or more; width x height may be <see cref="MaximumPixels"/> at most.</param>
    /// <param name="pixels">[height, width, 3]: height x width x 3 bytes, red first.</param>
    /// <exception cref="ArgumentException">A size is out of range, or the array has another length.</exception>
    public RgbImage(int width, int height, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        int count = PixelCount.Checked(width, height, MaximumPixels);
        if (pixels.Length != count * 3)
            throw new ArgumentException(
                $"pixels holds {pixels.Length} bytes; a picture of {width} x {height} pixels has {count * 3}.",
                nameof(pixels));
        Width = width;
        Height = height;
        _pixels = pixels;
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>All bytes, [height, width, 3], red first.</summary>
    public ReadOnlyMemory<byte> Pixels => _pixels;

    /// <summary>One row, [width, 3].</summary>
    /// <param name="y">0 to Height - 1, from the top.</param>
    public ReadOnlySpan<byte> Row(int y)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(y, Height);
        return _pixels.AsSpan(y * Width * 3, Width * 3);
    }

    /// <summary>The colour of one pixel.</summary>
    /// <param name="x">0 to Width - 1, from the left.</param>
    /// <param name="y">0 to Height - 1, from the top.</param>
    public RgbColour this[int x, int y]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(x);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(x, Width);
            ReadOnlySpan<byte> pixel = Row(y).Slice(x * 3, 3);
            return new RgbColour(pixel[0], pixel[1], pixel[2]);
        }
    }
}
