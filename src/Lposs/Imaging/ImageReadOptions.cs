namespace Lposs.Imaging;

/// <summary>Limits for reading pictures and label maps.</summary>
public sealed class ImageReadOptions
{
    /// <summary>The default of <see cref="MaximumPixels"/>: 64 megapixels.</summary>
    public const long DefaultMaximumPixels = 64_000_000;

    /// <summary>The most pixels that a picture may have, checked when only its header has been read. 1 to
    /// <see cref="RgbImage.MaximumPixels"/>; by default 64,000,000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public long MaximumPixels
    {
        get;
        init
        {
            if (value is < 1 or > RgbImage.MaximumPixels)
                throw new ArgumentOutOfRangeException(
                    nameof(value), $"MaximumPixels is {value}; it may be 1 to {RgbImage.MaximumPixels}.");
            field = value;
        }
    } = DefaultMaximumPixels;
}
