using NetVips;
using static NetVips.Enums;
using LazyImage = NetVips.Image;

namespace Lposs.Imaging;

/// <summary>The colours of an image as it is stored.</summary>
internal enum ImageColour
{
    Gray = 1,
    Rgb = 3,
    Cmyk = 4,

    /// <summary>Cannot be decoded here: CIELAB, a stack of channels, ...</summary>
    Other = 0,
}

/// <summary>
/// An image whose header libvips has read. The pixels are pulled strip by strip from the file into the caller's array;
/// only an image that must be turned is copied to memory first, since a turn reads against the direction of the file.
/// </summary>
internal sealed class VipsImage : IDisposable
{
    private readonly Source _source;
    private readonly LazyImage _image;
    private readonly int _orientation;

    private VipsImage(Source source, LazyImage image, bool asStored)
    {
        _source = source;
        _image = image;
        _orientation = asStored ? 1 : OrientationOf(image);
        // Orientations 5 to 8 exchange rows and columns.
        (Width, Height) = _orientation >= 5 ? (image.Height, image.Width) : (image.Width, image.Height);
        Channels = image.Bands;
        Sample = image.Format;
        Colour = ColourOf(image);
    }

    /// <summary>Pixels in a row, after the orientation that the file asks for.</summary>
    public int Width { get; }

    /// <summary>Rows, after the orientation that the file asks for.</summary>
    public int Height { get; }

    /// <summary>The EXIF orientation that is applied, 1 to 8.</summary>
    public int Orientation => _orientation;

    /// <summary>Channels as stored, alpha and other extra channels included.</summary>
    public int Channels { get; }

    /// <summary>The kind of one sample.</summary>
    public BandFormat Sample { get; }

    /// <summary>The colours as stored.</summary>
    public ImageColour Colour { get; }

    /// <summary>Opens an image and reads its header.</summary>
    /// <param name="source">The file, at its beginning; belongs to the image from now on.</param>
    /// <param name="format">Only the decoder of this format runs; a format that is not listed has no way to a
    /// decoder.</param>
    /// <param name="asStored">Whether the orientation that the file asks for is left alone.</param>
    /// <exception cref="VipsException">The file does not open as that format.</exception>
    public static VipsImage Open(Source source, ImageFormat format, bool asStored)
    {
        const Access Forward = Access.Sequential;
        const FailOn Errors = FailOn.Error;
        VipsLibrary.ForgetErrors();
        try
        {
            return new VipsImage(
                source,
                format switch
                {
                    ImageFormat.Jpeg => LazyImage.JpegloadSource(source, access: Forward, failOn: Errors),
                    ImageFormat.Png => LazyImage.PngloadSource(source, access: Forward, failOn: Errors),
                    ImageFormat.WebP => LazyImage.WebploadSource(source, access: Forward, failOn: Errors),
                    ImageFormat.Tiff => LazyImage.TiffloadSource(source, access: Forward, failOn: Errors),
                    ImageFormat.Gif => LazyImage.GifloadSource(source, access: Forward, failOn: Errors),
                    _ => throw new ArgumentOutOfRangeException(nameof(format)),
                },
                asStored
            );
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Decodes, once for each image, to upright sRGB with 8 bits: gray is repeated, 16 bits keep the upper 8, CMYK
    /// goes through its ICC profile (a standard one where the file has none), alpha and other extra channels are left
    /// out. Profiles of RGB and gray images are not applied, as in the tools that the encoders were trained with.
    /// </summary>
    /// <param name="pixels">[Height, Width, 3]; after a failure, what was decoded so far.</param>
    /// <exception cref="VipsException">The pixels are damaged or missing.</exception>
    public unsafe void Decode(Span<byte> pixels)
    {
        if (Colour == ImageColour.Other)
            throw new InvalidOperationException("pixels of this kind are not decoded");
        long size = (long)Width * Height * 3;
        if (pixels.Length != size)
            throw new ArgumentException(
                $"pixels holds {pixels.Length} bytes; {Width} x {Height} pixels have {size}.",
                nameof(pixels)
            );

        VipsLibrary.ForgetErrors();
        int channels = (int)Colour;
        using LazyImage? colours = Channels > channels ? _image.ExtractBand(0, n: channels) : null;
        LazyImage image = colours ?? _image;
        using LazyImage? srgb =
            image.Interpretation != Interpretation.Srgb ? image.Colourspace(Interpretation.Srgb) : null;
        image = srgb ?? image;
        using LazyImage? copy = _orientation > 1 ? image.CopyMemory() : null;
        using LazyImage? upright = copy?.Autorot();
        image = upright ?? image;
        if ((image.Width, image.Height, image.Bands, image.Format) != (Width, Height, 3, BandFormat.Uchar))
            throw new VipsException("the pixels did not become sRGB with 8 bits");

        fixed (byte* first = pixels)
        {
            using LazyImage target = LazyImage.NewFromMemory(
                (nint)first,
                (ulong)size,
                Width,
                Height,
                3,
                BandFormat.Uchar
            );
            image.Write(target);
        }
    }

    public void Dispose()
    {
        _image.Dispose();
        _source.Dispose();
    }

    // EXIF 1 to 8; 1 is upright, and what any other number is taken for.
    private static int OrientationOf(LazyImage image) =>
        image.Contains("orientation") && image.Get("orientation") is int and >= 1 and <= 8 and var stored ? stored : 1;

    // As libvips guesses it: by the tag where the tag can be true, else by the number of channels.
    private static ImageColour ColourOf(LazyImage image)
    {
        bool narrow = image.Format is BandFormat.Uchar or BandFormat.Char;
        bool real = image.Format is BandFormat.Float or BandFormat.Double;
        return image.Interpretation switch
        {
            Interpretation.Bw => ImageColour.Gray,
            Interpretation.Grey16 when !narrow => ImageColour.Gray,
            Interpretation.Srgb or Interpretation.Rgb when image.Bands >= 3 => ImageColour.Rgb,
            Interpretation.Rgb16 when image.Bands >= 3 && !narrow => ImageColour.Rgb,
            Interpretation.Scrgb when image.Bands >= 3 && real => ImageColour.Rgb,
            Interpretation.Cmyk when image.Bands >= 4 => ImageColour.Cmyk,
            Interpretation.Multiband
            or Interpretation.Error
            or Interpretation.Grey16
            or Interpretation.Srgb
            or Interpretation.Rgb
            or Interpretation.Rgb16
            or Interpretation.Scrgb
            or Interpretation.Cmyk => ColourOf(image.Bands, image.Format),
            _ => ImageColour.Other,
        };
    }

    private static ImageColour ColourOf(int channels, BandFormat sample) =>
        (channels, sample) switch
        {
            (_, BandFormat.Char or BandFormat.Complex or BandFormat.Dpcomplex) => ImageColour.Other,
            (1 or 2, _) => ImageColour.Gray,
            (3 or 4, _) => ImageColour.Rgb,
            _ => ImageColour.Other,
        };
}
