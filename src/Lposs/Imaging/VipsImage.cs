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
    // Of finite floating-point samples.
    private const double Largest = 3e38;

    private readonly Source _source;
    private readonly LazyImage _image;
    private readonly int _orientation;
    private readonly TiffTags _tags;
    private readonly ImageFormat _format;

    private VipsImage(Source source, LazyImage image, ImageFormat format, bool asStored, TiffTags tags)
    {
        _source = source;
        _image = image;
        _format = format;
        _tags = tags;
        _orientation = asStored ? 1 : OrientationOf(image);
        // Orientations 5 to 8 exchange rows and columns.
        (Width, Height) = _orientation >= 5 ? (image.Height, image.Width) : (image.Width, image.Height);
        Channels = image.Bands;
        Sample = image.Format;
        Colour = ColourOf(image, tags);
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

    /// <summary>The value of samples that hold nothing; null where the file names none.</summary>
    public double? NoData => _tags.NoData;

    /// <summary>Opens an image and reads its header.</summary>
    /// <param name="file">Only the decoder of its format runs; a format that is not listed has no way to a
    /// decoder.</param>
    /// <param name="asStored">Whether the orientation that the file asks for is left alone.</param>
    /// <param name="failOn">What ends it: errors alone, or what a decoder warns of, such as a hole in a JPEG.</param>
    /// <exception cref="VipsException">The file does not open as that format.</exception>
    public static VipsImage Open(ImageSource file, bool asStored, FailOn failOn)
    {
        const Access Forward = Access.Sequential;
        VipsLibrary.ForgetErrors();
        TiffTags tags = file.Tags();
        Source source = file.Open();
        try
        {
            return new VipsImage(
                source,
                file.Format switch
                {
                    ImageFormat.Jpeg => LazyImage.JpegloadSource(source, access: Forward, failOn: failOn),
                    ImageFormat.Png => LazyImage.PngloadSource(source, access: Forward, failOn: failOn),
                    ImageFormat.WebP => LazyImage.WebploadSource(source, access: Forward, failOn: failOn),
                    ImageFormat.Tiff => LazyImage.TiffloadSource(source, access: Forward, failOn: failOn),
                    ImageFormat.Gif => LazyImage.GifloadSource(source, access: Forward, failOn: failOn),
                    ImageFormat.Avif => LazyImage.HeifloadSource(source, access: Forward, failOn: failOn),
                    _ => throw new ArgumentOutOfRangeException(nameof(file)),
                },
                file.Format,
                asStored,
                tags
            );
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Decodes, once for each image, to upright sRGB with 8 bits: gray is repeated, 16 bits keep the upper 8 unless
    /// there is a range, CMYK goes through its ICC profile (a standard one where the file has none), alpha and other
    /// extra channels are left out. Profiles of RGB and gray images are not applied, as in the tools that the encoders
    /// were trained with.
    /// </summary>
    /// <param name="pixels">[Height, Width, 3]; after a failure, what was decoded so far.</param>
    /// <param name="range">Which samples become 0 and 255; null for those of their kind.</param>
    /// <exception cref="VipsException">The pixels are damaged or missing.</exception>
    public void Decode(Span<byte> pixels, SampleRange? range = null)
    {
        VipsLibrary.ForgetErrors();
        using LazyImage colours = Colours();
        using LazyImage? levels = range is { } given && Colour != ImageColour.Cmyk ? Levels(colours, given) : null;
        LazyImage image = levels ?? colours;
        using LazyImage? srgb =
            image.Interpretation != Interpretation.Srgb ? image.Colourspace(Interpretation.Srgb) : null;
        Write(srgb ?? image, pixels, 3);
    }

    /// <summary>Whether there can be pixels without data, so that <see cref="DecodeMask"/> has something to
    /// find.</summary>
    public bool MayLackData => AlphaChannel is not null || NoData is not null || IsReal;

    /// <summary>Which pixels have data, once for each image: those that are not wholly transparent, whose samples are
    /// numbers and not all the file's value for nothing.</summary>
    /// <param name="mask">[Height, Width]; 255 where there is data, else 0.</param>
    /// <exception cref="VipsException">The pixels are damaged or missing.</exception>
    public void DecodeMask(Span<byte> mask)
    {
        VipsLibrary.ForgetErrors();
        using LazyImage colours = Colours();
        using LazyImage? valid = Valid(colours);
        if (valid is null)
            mask.Fill(byte.MaxValue);
        else
            Write(valid, mask, 1);
    }

    /// <summary>The channels that are colours, tagged as what they are.</summary>
    internal LazyImage Colours()
    {
        if (Colour == ImageColour.Other)
            throw new InvalidOperationException("pixels of this kind are not decoded");
        LazyImage colours = Channels > (int)Colour ? _image.ExtractBand(0, n: (int)Colour) : _image.Copy();
        // Three channels that are tagged as gray, as programs for maps write them.
        if (Colour != ImageColour.Rgb || colours.Interpretation is not (Interpretation.Bw or Interpretation.Grey16))
            return colours;
        using (colours)
            return colours.Copy(
                interpretation: Sample == BandFormat.Uchar ? Interpretation.Srgb : Interpretation.Rgb16
            );
    }

    /// <summary>255 where pixels have data, else 0; null where all have.</summary>
    internal LazyImage? Valid(LazyImage colours)
    {
        LazyImage? valid = null;
        if (IsReal)
        {
            // No comparison holds for what is not a number.
            using LazyImage size = colours.Abs();
            using LazyImage finite = size < Largest;
            valid = finite.Bandbool(OperationBoolean.And);
        }
        if (NoData is { } none && double.IsFinite(none))
        {
            using LazyImage equal = colours.Equal(none);
            using LazyImage all = equal.Bandbool(OperationBoolean.And);
            valid = Both(valid, all.Invert());
        }
        if (AlphaChannel is { } alpha)
        {
            using LazyImage opacity = _image.ExtractBand(alpha);
            valid = Both(valid, opacity > 0);
        }
        return valid;
    }

    private static LazyImage Both(LazyImage? first, LazyImage second)
    {
        if (first is null)
            return second;
        using (first)
        using (second)
            return first.Boolean(second, OperationBoolean.And);
    }

    private bool IsReal => Sample is BandFormat.Float or BandFormat.Double;

    private int? AlphaChannel =>
        Colour != ImageColour.Other
        && Channels > (int)Colour
        && (_format == ImageFormat.Tiff ? _tags.HasAlpha : Channels == (int)Colour + 1)
            ? (int)Colour
            : null;

    private LazyImage Levels(LazyImage colours, SampleRange range)
    {
        double scale = byte.MaxValue / (range.Maximum - range.Minimum);
        using LazyImage scaled = colours.Linear([scale], [0.5 - range.Minimum * scale]);
        using LazyImage levels = scaled.Cast(BandFormat.Uchar);
        return levels.Copy(interpretation: Colour == ImageColour.Gray ? Interpretation.Bw : Interpretation.Srgb);
    }

    private unsafe void Write(LazyImage image, Span<byte> bytes, int bands)
    {
        long size = (long)Width * Height * bands;
        if (bytes.Length != size)
            throw new ArgumentException(
                $"there is room for {bytes.Length} bytes; {Width} x {Height} pixels have {size}.",
                nameof(bytes)
            );
        using LazyImage? copy = _orientation > 1 ? image.CopyMemory() : null;
        using LazyImage? upright = copy?.Autorot();
        image = upright ?? image;
        if ((image.Width, image.Height, image.Bands, image.Format) != (Width, Height, bands, BandFormat.Uchar))
            throw new VipsException("the pixels did not become 8 bits");
        fixed (byte* first = bytes)
        {
            using LazyImage target = LazyImage.NewFromMemory(
                (nint)first,
                (ulong)size,
                Width,
                Height,
                bands,
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
    private static ImageColour ColourOf(LazyImage image, TiffTags tags)
    {
        bool narrow = image.Format is BandFormat.Uchar or BandFormat.Char;
        bool real = image.Format is BandFormat.Float or BandFormat.Double;
        return image.Interpretation switch
        {
            Interpretation.Bw or Interpretation.Grey16 when image.Bands >= 3 && !tags.HasAlpha => ImageColour.Rgb,
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
