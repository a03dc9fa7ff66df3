using NetVips;
using static NetVips.Enums;

namespace Lposs.Imaging;

/// <summary>The two steps, header and pixels, and every refusal that lies between them.</summary>
internal static class ImageDecoder
{
    private const int LongestDetail = 512;

    // Where 16 bits end below a quarter of their range, an image is nearly black.
    private const int DarkLevels = 64;

    /// <summary>Decodes an image.</summary>
    public static Image Decode(ImageSource file, ImageReadOptions options)
    {
        VipsLibrary.Require();
        try
        {
            return Decode(file, options, FailOn.Warning);
        }
        catch (VipsException warning)
        {
            try
            {
                // Where that is an error too, it is the one to be told.
                Image image = Decode(file, options, FailOn.Error, warning);
                return options.IsStrict ? throw Damaged(file, warning) : image;
            }
            catch (VipsException error)
            {
                throw Failure(file, error);
            }
        }
    }

    /// <summary>The size of an image from its header, checked as <see cref="Decode(ImageSource, ImageReadOptions)"/>
    /// does; nothing is decoded.</summary>
    public static (int Width, int Height) Measure(ImageSource file, ImageReadOptions options)
    {
        VipsLibrary.Require();
        try
        {
            using VipsImage image = VipsImage.Open(file, options.AsStored, FailOn.Error);
            CheckSize(file.Name, image, options);
            return (image.Width, image.Height);
        }
        catch (VipsException error)
        {
            throw Failure(file, error);
        }
    }

    private static Image Decode(
        ImageSource file,
        ImageReadOptions options,
        FailOn failOn,
        VipsException? warning = null
    )
    {
        VipsImage Open() => VipsImage.Open(file, options.AsStored, failOn);

        using VipsImage image = Open();
        CheckSize(file.Name, image, options);
        CheckPixels(file.Name, image, options.Scale);
        SampleRange? range =
            options.Scale.IsAuto && image.Sample != BandFormat.Uchar
                ? SampleStatistics.RangeOf(Open)
                : options.Scale.Range;
        byte[] pixels = GC.AllocateUninitializedArray<byte>(image.Width * image.Height * 3);
        image.Decode(pixels, range);
        return new Image(image.Width, image.Height, pixels)
        {
            Orientation = image.Orientation,
            Mask = image.MayLackData ? MaskOf(Open) : default,
            Warnings =
            [
                .. warning is null
                    ? Enumerable.Empty<string>()
                    : [$"'{file.Name}' may be wrong in places; its decoder says: {Words(warning)}"],
                .. Warnings(file.Name, image, pixels, range),
            ],
        };
    }

    /// <summary>Empty where every pixel has data.</summary>
    private static ReadOnlyMemory<byte> MaskOf(Func<VipsImage> open)
    {
        using VipsImage image = open();
        byte[] mask = GC.AllocateUninitializedArray<byte>(image.Width * image.Height);
        image.DecodeMask(mask);
        return mask.AsSpan().Contains((byte)0) ? mask : default;
    }

    private static IEnumerable<string> Warnings(string name, VipsImage image, byte[] pixels, SampleRange? range)
    {
        if (image.Channels > 4)
            yield return $"'{name}' has {image.Channels} channels; the first three were taken as red, green and blue";
        if (image.Sample != BandFormat.Ushort || range is not null)
            yield break;
        int levels = 1;
        foreach (byte level in pixels)
            levels = Math.Max(levels, level + 1);
        if (levels <= DarkLevels)
            yield return $"the samples of '{name}' have 16 bits and are all below {levels * 256}, so that it is nearly "
                + "black; the scale auto brightens it";
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

    private static void CheckPixels(string name, VipsImage image, SampleScale scale)
    {
        bool isScaled = scale != SampleScale.None && image.Colour != ImageColour.Cmyk;
        (string? refused, bool couldBeScaled) = image switch
        {
            { Colour: ImageColour.Other } => ($"{image.Channels} channels that are neither gray, RGB nor CMYK", false),
            { Sample: BandFormat.Complex or BandFormat.Dpcomplex } => ("complex samples", false),
            { Sample: BandFormat.Uchar or BandFormat.Ushort } => (null, true),
            { Sample: BandFormat.Float } => ("32-bit floating-point samples", true),
            { Sample: BandFormat.Double } => ("64-bit floating-point samples", true),
            { Sample: BandFormat.Char } => ("8-bit signed samples", true),
            { Sample: BandFormat.Short } => ("16-bit signed samples", true),
            { Sample: BandFormat.Int } => ("32-bit signed samples", true),
            _ => ("32-bit samples", true),
        };
        if (refused != null && !(couldBeScaled && isScaled))
            throw new LpossException(
                LpossErrorCode.UnsupportedPixels,
                $"cannot read '{name}': it holds {refused}; gray, RGB and CMYK images with up to 16 unsigned bits "
                    + "per sample can be read"
                    + (couldBeScaled ? ", others with a scale" : "")
            )
            {
                Argument = couldBeScaled ? nameof(ImageReadOptions.Scale) : null,
            };
    }

    private static LpossException Damaged(ImageSource file, VipsException cause) =>
        new(
            LpossErrorCode.DamagedImage,
            $"cannot read '{file.Name}': its {file.Format.Name()} data is damaged ({Words(cause)})",
            cause
        )
        {
            Argument = nameof(ImageReadOptions.IsStrict),
        };

    private static LpossException Failure(ImageSource file, VipsException cause)
    {
        (LpossErrorCode error, string what) = file.EndIsMissing() switch
        {
            true => (LpossErrorCode.TruncatedImage, $"the file ends early (truncated {file.Format.Name()})"),
            false => (LpossErrorCode.DamagedImage, $"its {file.Format.Name()} data is damaged"),
            null => (
                LpossErrorCode.DamagedImage,
                $"its {file.Format.Name()} data is damaged, ends early, or is of a kind that cannot be read"
            ),
        };
        return new LpossException(error, $"cannot read '{file.Name}': {what}", cause) { Detail = Words(cause) };
    }

    /// <summary>The decoder's own words; the first line is the wrapper's.</summary>
    private static string Words(VipsException cause)
    {
        string words = cause.Message[(cause.Message.IndexOf('\n') + 1)..].Trim();
        return words[..Math.Min(words.Length, LongestDetail)];
    }
}
