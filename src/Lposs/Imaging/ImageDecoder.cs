using NetVips;
using static NetVips.Enums;

namespace Lposs.Imaging;

/// <summary>The two steps, header and pixels, and every refusal that lies between them.</summary>
internal static class ImageDecoder
{
    private const int LongestDetail = 512;

    /// <summary>Decodes an image that <paramref name="open"/> opens.</summary>
    /// <param name="name">What the messages call it.</param>
    /// <param name="format">The format its first bytes name.</param>
    /// <param name="options">The limits.</param>
    /// <param name="open">Opens the file, at its beginning.</param>
    /// <param name="endIsMissing">Asked after a failure: was the file cut off? null: cannot be known.</param>
    public static Image Decode(
        string name,
        ImageFormat format,
        ImageReadOptions options,
        Func<Source> open,
        Func<bool?> endIsMissing
    )
    {
        VipsLibrary.Require();
        try
        {
            using VipsImage image = VipsImage.Open(open(), format, options.AsStored);
            CheckSize(name, image, options);
            CheckPixels(name, image);
            byte[] pixels = GC.AllocateUninitializedArray<byte>(image.Width * image.Height * 3);
            image.Decode(pixels);
            return new Image(image.Width, image.Height, pixels) { Orientation = image.Orientation };
        }
        catch (VipsException error)
        {
            throw Failure(name, format, error, endIsMissing);
        }
    }

    /// <summary>The size of an image from its header, checked as <see cref="Decode"/> does; nothing is
    /// decoded.</summary>
    public static (int Width, int Height) Measure(
        string name,
        ImageFormat format,
        ImageReadOptions options,
        Func<Source> open,
        Func<bool?> endIsMissing
    )
    {
        VipsLibrary.Require();
        try
        {
            using VipsImage image = VipsImage.Open(open(), format, options.AsStored);
            CheckSize(name, image, options);
            return (image.Width, image.Height);
        }
        catch (VipsException error)
        {
            throw Failure(name, format, error, endIsMissing);
        }
    }

    private static void CheckSize(string name, VipsImage image, ImageReadOptions options)
    {
        if ((long)image.Width * image.Height > options.MaximumPixels)
            throw TooLarge($"cannot read '{name}'", image.Width, image.Height, options);
    }

    /// <summary>The refusal of an image above the limit.</summary>
    public static LpossException TooLarge(string what, long width, long height, ImageReadOptions options) =>
        new(
            LpossErrorCode.ImageTooLarge,
            $"{what}: it has {width} x {height} pixels ({width * height / 1e6:0.#} megapixels), more than the limit of "
                + $"{options.MaximumPixels / 1e6:0.######} megapixels; the limit can be raised"
        );

    private static void CheckPixels(string name, VipsImage image)
    {
        string? refused = image switch
        {
            { Colour: ImageColour.Other } => $"{image.Channels} channels that are neither gray, RGB nor CMYK",
            { Sample: BandFormat.Float } => "32-bit floating-point samples",
            { Sample: BandFormat.Double } => "64-bit floating-point samples",
            { Sample: BandFormat.Complex or BandFormat.Dpcomplex } => "complex samples",
            { Sample: BandFormat.Char } => "8-bit signed samples",
            { Sample: BandFormat.Short } => "16-bit signed samples",
            { Sample: BandFormat.Int } => "32-bit signed samples",
            { Sample: BandFormat.Uchar or BandFormat.Ushort } => null,
            _ => "32-bit samples",
        };
        if (refused != null)
            throw new LpossException(
                LpossErrorCode.UnsupportedPixels,
                $"cannot read '{name}': it holds {refused}; gray, RGB and CMYK images with up to 16 unsigned bits "
                    + "per sample can be read"
            );
    }

    private static LpossException Failure(
        string name,
        ImageFormat format,
        VipsException cause,
        Func<bool?> endIsMissing
    )
    {
        // The first line is the wrapper's; the decoder's own words follow.
        string words = cause.Message[(cause.Message.IndexOf('\n') + 1)..].Trim();
        (LpossErrorCode error, string what) = endIsMissing() switch
        {
            true => (LpossErrorCode.TruncatedImage, $"the file ends early (truncated {format.Name()})"),
            false => (LpossErrorCode.DamagedImage, $"its {format.Name()} data is damaged"),
            null => (
                LpossErrorCode.DamagedImage,
                $"its {format.Name()} data is damaged, ends early, or is of a kind that cannot be read"
            ),
        };
        return new LpossException(error, $"cannot read '{name}': {what}", cause)
        {
            Detail = words[..Math.Min(words.Length, LongestDetail)],
        };
    }
}
