using Lposs.Imaging;

namespace Lposs;

/// <summary>An image in memory: sRGB, 8 bits a channel, row-major [height, width, 3], without padding.</summary>
/// <remarks>
/// Files of JPEG, PNG, WebP, TIFF, GIF and AVIF are read, told apart by their contents, never by their names. Every
/// image becomes sRGB with 8 bits a channel, upright (EXIF orientations 1 to 8 are applied). Gray is repeated; of 16
/// bits the upper 8 are kept, unless <see cref="ImageReadOptions.Scale"/> says otherwise; CMYK goes through its ICC
/// profile, or a standard one; of an animation or of several pages the first is read. Three or more channels that a
/// TIFF tags as gray, as programs for maps write them, are red, green, blue and others. Alpha is left out, not
/// composed: a pixel keeps the colour that is stored, however transparent it is, as in Pillow's <c>convert("RGB")</c>
/// and OpenCV's <c>imread</c>, with which encoders are trained (a transparent pixel of a GIF has no colour of its own
/// and is black); where it is wholly transparent, <see cref="Mask"/> says so. For the same reason profiles of RGB
/// images are not applied. The size is checked when only the header has been read; no decoder outside the six formats
/// can be reached. Safe to call from several threads; each call decodes on one thread. libvips is set up for the whole
/// process: one thread for each image, no cache of operations, loaders that it calls untrusted blocked.
/// </remarks>
public sealed class Image
{
    /// <summary>The most pixels that an image can have, about 715 megapixels: one .NET array holds it.</summary>
    public const int MaximumPixels = 0x7FFFFFC7 / 3;

    private readonly ReadOnlyMemory<byte> _pixels;

    /// <summary>Makes an image of an array, which is not copied: it belongs to the image from now on.</summary>
    /// <param name="width">Pixels in a row, 1 or more.</param>
    /// <param name="height">Rows, 1 or more; width x height may be <see cref="MaximumPixels"/> at most.</param>
    /// <param name="pixels">[height, width, 3]: height x width x 3 bytes, red first.</param>
    /// <exception cref="ArgumentException">A size is out of range, or the array has another length.</exception>
    public Image(int width, int height, byte[] pixels)
        : this(width, height, new ReadOnlyMemory<byte>(pixels ?? throw new ArgumentNullException(nameof(pixels)))) { }

    /// <summary>Makes an image of bytes, which are not copied: the memory belongs to the image from now on.</summary>
    /// <param name="width">Pixels in a row, 1 or more.</param>
    /// <param name="height">Rows, 1 or more; width x height may be <see cref="MaximumPixels"/> at most.</param>
    /// <param name="pixels">[height, width, 3]: height x width x 3 bytes, red first.</param>
    /// <exception cref="ArgumentException">A size is out of range, or the memory has another length.</exception>
    public Image(int width, int height, ReadOnlyMemory<byte> pixels)
    {
        int count = PixelCount.Checked(width, height, MaximumPixels);
        if (pixels.Length != count * 3)
            throw new ArgumentException(
                $"pixels holds {pixels.Length} bytes; an image of {width} x {height} pixels has {count * 3}.",
                nameof(pixels)
            );
        Width = width;
        Height = height;
        _pixels = pixels;
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>The EXIF orientation by which the image was turned when it was decoded, 1 to 8; 1 where it was not.
    /// By 5 to 8, width and height are exchanged.</summary>
    public int Orientation { get; internal init; } = 1;

    /// <summary>[height, width]: 255 where there is data; 0 where a pixel is wholly transparent, has the value that its
    /// file calls nodata, or is not a number. Results have <see cref="LabelMap.NoData"/> there. Empty where every pixel
    /// has data.</summary>
    /// <exception cref="ArgumentException">It has another length.</exception>
    public ReadOnlyMemory<byte> Mask
    {
        get;
        init
        {
            if (!value.IsEmpty && value.Length != Width * Height)
                throw new ArgumentException(
                    $"Mask holds {value.Length} bytes; an image of {Width} x {Height} pixels has {Width * Height}."
                );
            field = value;
        }
    }

    /// <summary>Sentences that a user should read, such as that the file is damaged and what could be read of
    /// it.</summary>
    public IReadOnlyList<string> Warnings { get; internal init; } = [];

    /// <summary>All bytes, [height, width, 3], red first.</summary>
    public ReadOnlyMemory<byte> Pixels => _pixels;

    /// <summary>One row, [width, 3].</summary>
    /// <param name="y">0 to Height - 1, from the top.</param>
    public ReadOnlySpan<byte> Row(int y)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(y, Height);
        return _pixels.Span.Slice(y * Width * 3, Width * 3);
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

    /// <summary>Version of the libvips library that decodes, such as "8.18.7".</summary>
    /// <exception cref="LpossException">The native library is not beside the program.</exception>
    public static string DecoderVersion => VipsLibrary.Version;

    /// <summary>Reads an image file.</summary>
    /// <param name="path">The file, or a pipe such as /dev/stdin. Taken literally: no wildcards, no options.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <exception cref="LpossException">The image cannot be read; the code says why.</exception>
    public static Image Load(string path, ImageReadOptions? options = null) => ImageReader.Read(path, options);

    /// <summary>Reads an image from bytes in memory.</summary>
    /// <param name="bytes">The contents of an image file; copied where they are a part of an array. Not kept.</param>
    /// <param name="name">What the messages call it.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <exception cref="LpossException">The image cannot be read; the code says why.</exception>
    public static Image Decode(ReadOnlyMemory<byte> bytes, string name, ImageReadOptions? options = null) =>
        ImageReader.Decode(bytes, name, options);

    /// <summary>Reads an image from a stream, from where it stands to its end, 1 GiB at most.</summary>
    /// <param name="stream">The stream; it need not seek and stays open.</param>
    /// <param name="name">What the messages call it.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <exception cref="LpossException">The image cannot be read; the code says why.</exception>
    public static Image Decode(Stream stream, string name, ImageReadOptions? options = null) =>
        ImageReader.Decode(stream, name, options);

    /// <summary>The size that an image would have when decoded, from its header alone.</summary>
    /// <param name="bytes">The contents of an image file; copied where they are a part of an array. Not kept.</param>
    /// <param name="name">What the messages call it.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <exception cref="LpossException">The header cannot be read, or the image is above the limit.</exception>
    public static (int Width, int Height) Measure(
        ReadOnlyMemory<byte> bytes,
        string name,
        ImageReadOptions? options = null
    ) => ImageReader.Measure(bytes, name, options);

    /// <summary>Writes the image as a PNG file, which appears whole or not at all.</summary>
    /// <param name="path">Where the file is to appear; replaced if it is there.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SavePng(string path) => PngFile.WriteRgb(path, this);

    /// <summary>As the core takes it, [H, W, 3].</summary>
    internal ReadOnlyTensorView<byte> View() => new(Pixels.Span, Height, Width, 3);
}

/// <summary>How images and label maps are read.</summary>
public sealed class ImageReadOptions
{
    /// <summary>The default of <see cref="MaximumPixels"/>: 64 megapixels.</summary>
    public const long DefaultMaximumPixels = 64_000_000;

    /// <summary>The most pixels that an image may have, checked when only its header has been read. 1 to
    /// <see cref="Image.MaximumPixels"/>; by default 64,000,000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public long MaximumPixels
    {
        get;
        init
        {
            if (value is < 1 or > Image.MaximumPixels)
                throw new ArgumentOutOfRangeException(
                    nameof(value),
                    $"MaximumPixels is {value}; it may be 1 to {Image.MaximumPixels}."
                );
            field = value;
        }
    } = DefaultMaximumPixels;

    /// <summary>Whether pixels stay as the file stores them, whatever orientation its EXIF data asks for.</summary>
    public bool AsStored { get; init; }

    /// <summary>How samples become 8 bits; by default the upper 8 of 16.</summary>
    public SampleScale Scale { get; init; } = SampleScale.None;

    /// <summary>Whether images are refused that are damaged and can be read all the same, such as a JPEG with a hole.
    /// By default they are read, and <see cref="Image.Warnings"/> says so.</summary>
    public bool IsStrict { get; init; }
}
