using System.Diagnostics;
using System.Runtime.Versioning;
using Lposs.Imaging;
using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Tests.Imaging;

public sealed class ImageFileRefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_file_is_refused_by_name()
    {
        LpossException error = Assert.Throws<LpossException>(() => Image.Load("no/such/image.jpg"));
        Assert.Equal(LpossErrorCode.FileNotFound, error.Code);
        Assert.Equal("cannot read 'no/such/image.jpg': there is no such file", error.Message);
    }

    [Fact]
    public void A_folder_is_refused_by_name()
    {
        LpossException error = Assert.Throws<LpossException>(() => Image.Load(_folder.Root));
        Assert.Equal(LpossErrorCode.FileIsFolder, error.Code);
        Assert.Equal($"cannot read '{_folder.Root}': it is a folder, not a file", error.Message);
    }

    [Fact]
    public void An_empty_file_is_refused_by_name()
    {
        string path = _folder.Save("empty.jpg", []);
        LpossException error = Assert.Throws<LpossException>(() => Image.Load(path));
        Assert.Equal(LpossErrorCode.FileEmpty, error.Code);
        Assert.Equal($"cannot read '{path}': the file is empty", error.Message);
    }

    [Fact]
    public void Text_that_calls_itself_a_jpeg_is_refused()
    {
        LpossException error = Refused("A street, a tree and a car.\n"u8.ToArray());
        Assert.Equal(LpossErrorCode.NotAnImage, error.Code);
        Assert.Equal(
            "cannot read 'x.jpg': by its contents it is not an image but text; JPEG, PNG, WebP, TIFF, GIF and AVIF can "
                + "be read",
            error.Message
        );
    }

    [Fact]
    public void Random_bytes_are_refused()
    {
        byte[] bytes = new byte[5000];
        new Random(3).NextBytes(bytes);
        LpossException error = Refused(bytes);
        Assert.Equal(LpossErrorCode.NotAnImage, error.Code);
        Assert.Equal(
            "cannot read 'x.jpg': by its contents it is not an image; JPEG, PNG, WebP, TIFF, GIF and AVIF can be read",
            error.Message
        );
    }

    public static TheoryData<string, byte[]> OtherFormats =>
        new()
        {
            { "a BMP image", [.. "BM"u8, 70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0] },
            { "an SVG drawing", [.. "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>"u8] },
            { "a HEIF image", [0, 0, 0, 28, .. "ftypheic"u8, 0, 0, 0, 0] },
            { "a JPEG XL image", [0xFF, 0x0A, 1, 2, 3] },
            { "a JPEG 2000 image", [0, 0, 0, 12, .. "jP  "u8, 13, 10, 0x87, 10] },
            { "a Netpbm image", [.. "P6\n1 1\n255\n"u8, 1, 2, 3] },
            { "a Photoshop image", [.. "8BPS"u8, 0, 1] },
        };

    [Theory]
    [MemberData(nameof(OtherFormats))]
    public void Other_image_formats_are_refused_by_their_names(string description, byte[] bytes)
    {
        LpossException error = Refused(bytes);
        Assert.Equal(LpossErrorCode.UnsupportedImage, error.Code);
        Assert.Equal(
            $"cannot read 'x.jpg': it is {description}; JPEG, PNG, WebP, TIFF, GIF and AVIF can be read",
            error.Message
        );
    }

    [Fact]
    public void A_pdf_is_refused_by_its_name() =>
        Assert.Contains(
            "not an image but a PDF document",
            Refused("%PDF-1.7\n%abc"u8.ToArray()).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("baseline.jpg", "JPEG")]
    [InlineData("progressive.jpg", "JPEG")]
    [InlineData("lossless.webp", "WebP")]
    [InlineData("lossy.webp", "WebP")]
    [InlineData("still.gif", "GIF")]
    public void A_truncated_image_is_refused_as_truncated(string name, string format)
    {
        byte[] whole = Samples.Bytes(name);
        foreach (int length in (int[])[whole.Length / 3, whole.Length / 2, whole.Length * 4 / 5])
        {
            LpossException error = Refused(whole[..length]);
            Assert.Equal(LpossErrorCode.TruncatedImage, error.Code);
            Assert.Equal($"cannot read 'x.jpg': the file ends early (truncated {format})", error.Message);
        }
    }

    [Fact]
    public void A_truncated_png_is_refused_as_truncated()
    {
        byte[] noise = new byte[1 + 3000];
        new Random(5).NextBytes(noise);
        noise[0] = 0;
        byte[] whole = PngBuilder.Build(1000, 1, 8, PngFormat.Rgb, noise);
        foreach (int length in (int[])[20, 60, 1500, whole.Length - 20])
            Assert.Equal("cannot read 'x.jpg': the file ends early (truncated PNG)", Refused(whole[..length]).Message);
    }

    [Theory]
    [InlineData("lzw.tif")]
    [InlineData("pages.tif")]
    public void A_truncated_tiff_is_refused_as_damaged_or_truncated(string name)
    {
        byte[] whole = Samples.Bytes(name);
        LpossException error = Refused(whole[..(whole.Length / 4)]);
        Assert.Equal(LpossErrorCode.DamagedImage, error.Code);
        Assert.Equal(
            "cannot read 'x.jpg': its TIFF data is damaged, ends early, or is of a kind that cannot be read",
            error.Message
        );
        Assert.NotEqual("", error.Detail);
    }

    [Fact]
    public void A_file_too_short_for_a_header_is_refused_in_every_format()
    {
        foreach (string name in (string[])["baseline.jpg", "lossless.webp", "still.gif", "lzw.tif"])
            Refused(Samples.Bytes(name)[..12]);
        Refused([.. PngFormat.Signature]);
    }

    [Fact]
    public void A_damaged_png_is_refused_as_damaged()
    {
        byte[] bytes = PngBuilder.Build(
            PngBuilder.Header(64, 64, 8, PngFormat.Rgb),
            PngBuilder.Chunk("IDAT", new byte[500]),
            PngBuilder.End
        );
        LpossException error = Refused(bytes);
        Assert.Equal(LpossErrorCode.DamagedImage, error.Code);
        Assert.Equal("cannot read 'x.jpg': its PNG data is damaged", error.Message);
    }

    [Theory]
    [InlineData(TiffBuilder.BlackIsZero, 1, 32, TiffBuilder.Float, "32-bit floating-point samples")]
    [InlineData(TiffBuilder.Rgb, 3, 32, TiffBuilder.Float, "32-bit floating-point samples")]
    [InlineData(TiffBuilder.BlackIsZero, 1, 16, TiffBuilder.Signed, "16-bit signed samples")]
    [InlineData(TiffBuilder.BlackIsZero, 1, 32, TiffBuilder.Unsigned, "32-bit samples")]
    public void Tiffs_with_other_samples_than_8_and_16_unsigned_bits_are_refused(
        ushort photometric,
        ushort channels,
        ushort bits,
        ushort sampleFormat,
        string what
    )
    {
        byte[] tiff = TiffBuilder.Build(
            2,
            2,
            photometric,
            channels,
            bits,
            sampleFormat,
            new byte[4 * channels * bits / 8]
        );
        LpossException error = Refused(tiff);
        Assert.Equal(LpossErrorCode.UnsupportedPixels, error.Code);
        Assert.Equal(
            $"cannot read 'x.jpg': it holds {what}; gray, RGB and CMYK images with up to 16 unsigned bits per "
                + "sample can be read, others with a scale",
            error.Message
        );
    }

    [Fact]
    public void A_tiff_in_cielab_is_refused()
    {
        byte[] tiff = TiffBuilder.Build(2, 2, TiffBuilder.CieLab, 3, 16, TiffBuilder.Unsigned, new byte[24]);
        LpossException error = Refused(tiff);
        Assert.Equal(LpossErrorCode.UnsupportedPixels, error.Code);
        Assert.Contains(
            "it holds 3 channels that are neither gray, RGB nor CMYK",
            error.Message,
            StringComparison.Ordinal
        );
    }

    public static TheoryData<string, byte[]> HugeHeaders =>
        new()
        {
            { "PNG", PngBuilder.Build(50000, 50000, 8, PngFormat.Rgb, [0, 1, 2, 3]) },
            { "gray PNG", PngBuilder.Build(50000, 50000, 1, PngFormat.Gray, [0, 1, 2, 3]) },
            { "TIFF", TiffBuilder.Build(50000, 50000, TiffBuilder.Rgb, 3, 8, TiffBuilder.Unsigned, new byte[300]) },
            { "JPEG", Patched(Samples.Bytes("baseline.jpg"), [0xFF, 0xC0], 5, [0xC3, 0x50, 0xC3, 0x50]) },
            {
                "progressive JPEG",
                Patched(Samples.Bytes("progressive.jpg"), [0xFF, 0xC2], 5, [0xC3, 0x50, 0xC3, 0x50])
            },
        };

    [Theory]
    [MemberData(nameof(HugeHeaders))]
    public void A_header_of_50000_x_50000_pixels_is_refused_before_anything_is_allocated(string what, byte[] bytes)
    {
        Refused("warm-up"u8.ToArray());
        long before = GC.GetAllocatedBytesForCurrentThread();
        Stopwatch watch = Stopwatch.StartNew();
        LpossException error = Refused(bytes);
        Assert.True(watch.ElapsedMilliseconds < 1000, $"{what}: refused after {watch.ElapsedMilliseconds} ms");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000, what);
        Assert.Equal(LpossErrorCode.ImageTooLarge, error.Code);
        Assert.Equal(
            "cannot read 'x.jpg': it has 50000 x 50000 pixels (2500 megapixels), more than the limit of 64 "
                + "megapixels; the limit can be raised",
            error.Message
        );
    }

    [Fact]
    public void The_limit_can_be_lowered_and_raised()
    {
        byte[] bytes = Samples.Bytes("orientation6.jpg");
        LpossException error = Assert.Throws<LpossException>(() =>
            Image.Decode(bytes, "x.jpg", new ImageReadOptions { MaximumPixels = 511 })
        );
        Assert.Contains("16 x 32 pixels", error.Message, StringComparison.Ordinal);
        Assert.Equal(16, Image.Decode(bytes, "x.jpg", new ImageReadOptions { MaximumPixels = 512 }).Width);
        Assert.Equal(
            16,
            Image.Decode(bytes, "x.jpg", new ImageReadOptions { MaximumPixels = Image.MaximumPixels }).Width
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData((long)Image.MaximumPixels + 1)]
    public void An_impossible_limit_is_refused(long limit) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageReadOptions { MaximumPixels = limit });

    [Fact]
    [SupportedOSPlatform("linux")]
    public void A_file_that_may_not_be_read_is_refused_by_name()
    {
        string path = _folder.Save("secret.png", [1]);
        File.SetUnixFileMode(path, UnixFileMode.None);
        // Root reads everything, and then the contents are what is wrong.
        LpossException error = Assert.Throws<LpossException>(() => Image.Load(path));
        Assert.Equal(
            Environment.IsPrivilegedProcess ? LpossErrorCode.NotAnImage : LpossErrorCode.FileUnreadable,
            error.Code
        );
    }

    /// <summary>What is said about bytes that call themselves x.jpg; the same from memory as from a file.</summary>
    private LpossException Refused(byte[] bytes)
    {
        string path = _folder.Save("x.jpg", bytes);
        LpossException fromFile = Assert.Throws<LpossException>(() => Image.Load(path));
        LpossException fromMemory = Assert.Throws<LpossException>(() => Image.Decode(bytes, "x.jpg"));
        Assert.Equal(fromMemory.Message, fromFile.Message.Replace(path, "x.jpg", StringComparison.Ordinal));
        Assert.Equal(fromMemory.Code, fromFile.Code);
        return fromMemory;
    }

    private static byte[] Patched(byte[] bytes, ReadOnlySpan<byte> marker, int offset, ReadOnlySpan<byte> replacement)
    {
        int at = bytes.AsSpan().IndexOf(marker);
        Assert.True(at > 0);
        replacement.CopyTo(bytes.AsSpan(at + offset));
        return bytes;
    }
}
