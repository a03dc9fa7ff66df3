using Lposs.Imaging;
using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Tests.Imaging;

public sealed class ImageFileFormatTests : IDisposable
{
    private static readonly RgbColour s_red = new(200, 40, 40),
        s_green = new(40, 180, 60),
        s_blue = new(40, 60, 200),
        s_white = new(240, 240, 240);

    // A flat block at quality 90 or better comes back within two levels of what was drawn: the rounding of YCbCr and of
    // the block's one coefficient.
    private const int LossyTolerance = 3;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("baseline.jpg", LossyTolerance)]
    [InlineData("progressive.jpg", LossyTolerance)]
    [InlineData("lossy.webp", LossyTolerance)]
    [InlineData("lossless.webp", 0)]
    [InlineData("still.gif", 0)]
    [InlineData("lzw.tif", 0)]
    [InlineData("still.avif", LossyTolerance)]
    [InlineData("animated.gif", 0)]
    [InlineData("animated.webp", 0)]
    [InlineData("pages.tif", 0)]
    public void Every_format_gives_the_colours_that_were_drawn_of_its_first_frame(string name, int tolerance)
    {
        Image image = Image.Load(Samples.At(name));
        Assert.Equal((32, 16), (image.Width, image.Height));
        AssertQuadrants(image, [s_red, s_green, s_blue, s_white], tolerance);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Exif_orientations_are_applied(int orientation)
    {
        Image image = Image.Load(Samples.At($"orientation{orientation}.jpg"));
        Assert.Equal(orientation < 5 ? (32, 16) : (16, 32), (image.Width, image.Height));
        // Where the stored quadrants (red, green / blue, white) come to lie: EXIF 2.3, tag 274.
        RgbColour[] expected = orientation switch
        {
            1 => [s_red, s_green, s_blue, s_white],
            2 => [s_green, s_red, s_white, s_blue],
            3 => [s_white, s_blue, s_green, s_red],
            4 => [s_blue, s_white, s_red, s_green],
            5 => [s_red, s_blue, s_green, s_white],
            6 => [s_blue, s_red, s_white, s_green],
            7 => [s_white, s_green, s_blue, s_red],
            _ => [s_green, s_white, s_red, s_blue],
        };
        AssertQuadrants(image, expected, LossyTolerance);
    }

    [Theory]
    [InlineData("orientation6.webp")]
    [InlineData("orientation6.tif")]
    public void Orientations_are_applied_in_other_formats_than_jpeg(string name)
    {
        Image image = Image.Load(Samples.At(name));
        Assert.Equal((16, 32), (image.Width, image.Height));
        AssertQuadrants(image, [s_blue, s_red, s_white, s_green], 0);
    }

    [Theory]
    [InlineData("cmyk.jpg")]
    [InlineData("cmyk.tif")]
    public void Cmyk_is_colour_managed(string name)
    {
        Image image = Image.Load(Samples.At(name));
        Assert.Equal(new RgbColour(255, 255, 255), image[8, 4]);
        // Printed black is a dark gray, printed cyan no pure cyan: naive arithmetic would give 0, 0, 0 and 0, 255, 255.
        RgbColour black = image[24, 4],
            cyan = image[8, 12],
            yellow = image[24, 12];
        Assert.True(black is { R: > 20 and < 60, G: > 20 and < 60, B: > 20 and < 60 }, $"black is {black}");
        Assert.True(cyan is { R: < 30, G: > 130 and < 190, B: > 200 }, $"cyan is {cyan}");
        Assert.True(yellow is { R: > 240, G: > 220, B: < 60 }, $"yellow is {yellow}");
    }

    [Fact]
    public void Gray_jpeg_is_repeated_into_three_channels()
    {
        RgbColour colour = Image.Load(Samples.At("gray.jpg"))[8, 4];
        // ITU-R 601: 0.299 * 200 + 0.587 * 40 + 0.114 * 40 = 87.8.
        Assert.InRange(colour.R, 86, 90);
        Assert.True(colour.R == colour.G && colour.G == colour.B);
    }

    [Fact]
    public void Bilevel_tiff_is_black_and_white()
    {
        Image image = Image.Load(Samples.At("bilevel.tif"));
        Assert.Equal((32, 16), (image.Width, image.Height));
        Assert.All(image.Pixels.ToArray(), level => Assert.True(level is 0 or 255));
    }

    [Fact]
    public void Sixteen_bit_png_keeps_the_upper_eight_bits()
    {
        Image gray = Decode(PngBuilder.Build(2, 1, 16, PngFormat.Gray, [0, 0x12, 0xFF, 0xFE, 0x01]));
        Assert.Equal([0x12, 0x12, 0x12, 0xFE, 0xFE, 0xFE], gray.Pixels.ToArray());
        Image rgb = Decode(PngBuilder.Build(1, 1, 16, PngFormat.Rgb, [0, 0x12, 0xFF, 0x34, 0x80, 0x56, 0]));
        Assert.Equal([0x12, 0x34, 0x56], rgb.Pixels.ToArray());
    }

    [Fact]
    public void Sixteen_bit_tiff_keeps_the_upper_eight_bits()
    {
        byte[] tiff = TiffBuilder.Build(
            1,
            1,
            TiffBuilder.Rgb,
            3,
            16,
            TiffBuilder.Unsigned,
            [0xFF, 0x12, 0x80, 0x34, 0, 0x56]
        );
        Assert.Equal([0x12, 0x34, 0x56], Decode(tiff).Pixels.ToArray());
    }

    [Fact]
    public void Sixteen_bit_cmyk_tiff_without_ink_is_white()
    {
        byte[] tiff = TiffBuilder.Build(1, 1, TiffBuilder.Separated, 4, 16, TiffBuilder.Unsigned, new byte[8]);
        Assert.Equal([255, 255, 255], Decode(tiff).Pixels.ToArray());
    }

    [Fact]
    public void Alpha_is_left_out_and_transparent_pixels_keep_their_colour()
    {
        Image rgba = Decode(PngBuilder.Build(2, 1, 8, PngFormat.Rgba, [0, 1, 2, 3, 0, 4, 5, 6, 128]));
        Assert.Equal([1, 2, 3, 4, 5, 6], rgba.Pixels.ToArray());
        Image gray = Decode(PngBuilder.Build(2, 1, 8, PngFormat.GrayAlpha, [0, 7, 0, 8, 128]));
        Assert.Equal([7, 7, 7, 8, 8, 8], gray.Pixels.ToArray());
    }

    [Fact]
    public void Palette_png_gives_the_colours_of_its_palette_also_where_it_is_transparent()
    {
        byte[] rows = [0, 0b00_01_10_11];
        Assert.Equal(
            [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120],
            Decode(PngBuilder.Build(4, 1, 2, PngFormat.Indexed, rows)).Pixels.ToArray()
        );
        byte[] transparent = PngBuilder.Build(
            PngBuilder.Header(4, 1, 2, PngFormat.Indexed),
            PngBuilder.Palette(PngFormat.Indexed),
            PngBuilder.Chunk("tRNS", [0, 255]),
            PngBuilder.Data(rows),
            PngBuilder.End
        );
        Assert.Equal([10, 20, 30, 40, 50, 60], Decode(transparent).Pixels.ToArray()[..6]);
    }

    [Fact]
    public void An_image_of_one_pixel_is_read() =>
        Assert.Equal([9, 8, 7], Decode(PngBuilder.Build(1, 1, 8, PngFormat.Rgb, [0, 9, 8, 7])).Pixels.ToArray());

    [Fact]
    public void Contents_decide_and_not_the_name()
    {
        string path = _folder.Save("really.jpg", Samples.Bytes("lossless.webp"));
        AssertQuadrants(Image.Load(path), [s_red, s_green, s_blue, s_white], 0);
    }

    [Theory]
    [InlineData("street [n=1].png")]
    [InlineData("strasse-äöü-通り.png")]
    [InlineData("-l*?.png")]
    public void Names_are_taken_literally(string name)
    {
        string path = _folder.Save(name, PngBuilder.Build(1, 1, 8, PngFormat.Rgb, [0, 9, 8, 7]));
        Assert.Equal([9, 8, 7], Image.Load(path).Pixels.ToArray());
    }

    [Fact]
    public void Bytes_streams_and_files_give_the_same_image()
    {
        byte[] bytes = Samples.Bytes("orientation7.jpg");
        byte[] fromFile = Image.Load(Samples.At("orientation7.jpg")).Pixels.ToArray();
        Assert.Equal(fromFile, Image.Decode(bytes, "bytes").Pixels.ToArray());
        using MemoryStream stream = new(bytes);
        Assert.Equal(fromFile, Image.Decode(stream, "stream").Pixels.ToArray());
    }

    [Fact]
    public void An_image_taller_than_one_strip_comes_whole()
    {
        byte[] pixels = new byte[7 * 1000 * 3];
        new Random(7).NextBytes(pixels);
        PngFile.WriteRgb(_folder.At("tall.png"), new Image(7, 1000, pixels));
        Assert.Equal(pixels, Image.Load(_folder.At("tall.png")).Pixels.ToArray());
    }

    [Fact]
    public void Images_can_be_read_on_several_threads()
    {
        byte[] expected = Image.Load(Samples.At("baseline.jpg")).Pixels.ToArray();
        Parallel.For(
            0,
            64,
            i =>
            {
                if (i % 2 == 0)
                    Assert.Equal(expected, Image.Load(Samples.At("baseline.jpg")).Pixels.ToArray());
                else
                    Assert.Throws<LpossException>(() =>
                        Image.Decode(Samples.Bytes("baseline.jpg").AsMemory(0, 500), "cut")
                    );
            }
        );
    }

    [Fact]
    public void The_library_knows_its_version() => Assert.Matches(@"^\d+\.\d+\.\d+", Image.DecoderVersion);

    private static Image Decode(byte[] bytes) => Image.Decode(bytes, "test");

    // Looks at the middle of each quadrant, away from the ringing of its edges.
    private static void AssertQuadrants(Image image, RgbColour[] expected, int tolerance)
    {
        for (int i = 0; i < 4; i++)
        {
            RgbColour seen = image[image.Width * (1 + 2 * (i % 2)) / 4, image.Height * (1 + 2 * (i / 2)) / 4];
            int distance = Math.Max(
                Math.Abs(seen.R - expected[i].R),
                Math.Max(Math.Abs(seen.G - expected[i].G), Math.Abs(seen.B - expected[i].B))
            );
            Assert.True(distance <= tolerance, $"quadrant {i} is {seen}, drawn was {expected[i]}");
        }
    }
}
