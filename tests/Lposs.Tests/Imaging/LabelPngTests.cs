using Lposs.Imaging;
using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Tests.Imaging;

public sealed class LabelPngTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, 1, 255, 8, PngFormat.Indexed)]
    [InlineData(67, 45, 20, 8, PngFormat.Indexed)]
    [InlineData(301, 200, 256, 16, PngFormat.Gray)]
    [InlineData(67, 45, 65535, 16, PngFormat.Gray)]
    public void Labels_come_back_as_they_were_written(int width, int height, int greatest, byte bits, byte colourType)
    {
        LabelMap labels = RandomLabels(width, height, greatest);
        labels.SavePng(_folder.At("labels.png"), Palette.Voc);
        byte[] bytes = File.ReadAllBytes(_folder.At("labels.png"));
        Assert.Equal((bits, colourType), (bytes[24], bytes[25]));
        LabelMap read = LabelMap.Load(_folder.At("labels.png"));
        Assert.Equal((width, height), (read.Width, read.Height));
        Assert.Equal(labels.Labels.ToArray(), read.Labels.ToArray());
    }

    [Fact]
    public void Image_viewers_see_the_colours_of_the_palette()
    {
        Palette palette = new([new RgbColour(1, 2, 3), new RgbColour(200, 100, 50)]);
        LabelPng.Write(_folder.At("labels.png"), new LabelMap(3, 1, [1, 0, 15]), palette);
        Image seen = Image.Load(_folder.At("labels.png"));
        Assert.Equal([200, 100, 50, 1, 2, 3, 192, 128, 128], seen.Pixels.ToArray());
    }

    [Fact]
    public void A_large_map_of_several_data_chunks_comes_back()
    {
        LabelMap labels = RandomLabels(900, 700, 255);
        labels.SavePng(_folder.At("labels.png"), Palette.Voc);
        Assert.True(new FileInfo(_folder.At("labels.png")).Length > 3 * 65536);
        Assert.Equal(labels.Labels.ToArray(), LabelMap.Load(_folder.At("labels.png")).Labels.ToArray());
    }

    [Theory]
    [InlineData(PngFormat.Indexed)]
    [InlineData(PngFormat.Gray)]
    public void Values_of_1_2_and_4_bits_are_read_as_they_are_stored(byte colourType)
    {
        Assert.Equal(
            [1, 0, 1, 1, 0, 0, 0, 1, 1],
            Read(PngBuilder.Build(9, 1, 1, colourType, [0, 0b1011_0001, 0b1000_0000]))
        );
        Assert.Equal([3, 0, 2, 1, 1], Read(PngBuilder.Build(5, 1, 2, colourType, [0, 0b11_00_10_01, 0b01_000000])));
        Assert.Equal([15, 0, 7], Read(PngBuilder.Build(3, 1, 4, colourType, [0, 0xF0, 0x70])));
    }

    [Fact]
    public void All_row_filters_are_undone()
    {
        byte[] rows =
        [
            0,
            10,
            20,
            30, // none
            1,
            5,
            5,
            5, // left: 5 10 15
            2,
            1,
            1,
            1, // up: 6 11 16
            3,
            1,
            1,
            1, // average: 1 + 6/2 = 4, 1 + (4+11)/2 = 8, 1 + (8+16)/2 = 13
            4,
            2,
            2,
            2, // Paeth: from 4: 6; left 6, above 8, corner 4, estimate 10: above: 10; 10, 13, 8: 15: above: 15
        ];
        Assert.Equal(
            [10, 20, 30, 5, 10, 15, 6, 11, 16, 4, 8, 13, 6, 10, 15],
            Read(PngBuilder.Build(3, 5, 8, PngFormat.Gray, rows))
        );
    }

    [Fact]
    public void Row_filters_of_16_bits_look_two_bytes_back() =>
        Assert.Equal([258, 772], Read(PngBuilder.Build(2, 1, 16, PngFormat.Gray, [1, 1, 2, 2, 2])));

    [Fact]
    public void Data_in_several_chunks_and_unknown_optional_chunks_are_read()
    {
        byte[] data = PngBuilder.Deflate([0, 4, 5, 6]);
        byte[] png = PngBuilder.Build(
            PngBuilder.Header(3, 1, 8, PngFormat.Gray),
            PngBuilder.Chunk("teXt", [1, 2, 3]),
            PngBuilder.Chunk("IDAT", data[..3]),
            PngBuilder.Chunk("IDAT", []),
            PngBuilder.Chunk("IDAT", data[3..]),
            PngBuilder.End
        );
        Assert.Equal([4, 5, 6], Read(png));
    }

    [Theory]
    [InlineData(PngFormat.Rgb, "an RGB PNG")]
    [InlineData(PngFormat.Rgba, "an RGB PNG with alpha")]
    [InlineData(PngFormat.GrayAlpha, "a gray PNG with alpha")]
    public void Coloured_pngs_are_refused_with_what_is_expected(byte colourType, string what)
    {
        string path = _folder.Save("x.png", PngBuilder.Build(1, 1, 8, colourType, new byte[5]));
        LpossException error = Assert.Throws<LpossException>(() => LabelMap.Load(path));
        Assert.Equal(LpossErrorCode.UnsupportedPixels, error.Code);
        Assert.Equal(
            $"cannot read '{path}' as a label map: it is {what}; a label map is an indexed or gray PNG whose values "
                + "are the labels",
            error.Message
        );
    }

    [Fact]
    public void A_jpeg_is_refused_by_its_name()
    {
        LpossException error = Assert.Throws<LpossException>(() => LabelMap.Load(Samples.At("baseline.jpg")));
        Assert.Equal(LpossErrorCode.UnsupportedImage, error.Code);
        Assert.Contains("it is a JPEG image", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_and_empty_files_and_text_are_refused()
    {
        Assert.Equal(
            LpossErrorCode.FileNotFound,
            Assert.Throws<LpossException>(() => LabelMap.Load(_folder.At("none"))).Code
        );
        Assert.Equal(LpossErrorCode.FileEmpty, Refused([]).Code);
        Assert.Equal(LpossErrorCode.NotAnImage, Refused("label"u8.ToArray()).Code);
    }

    [Fact]
    public void An_interlaced_png_is_refused_by_name()
    {
        LpossException error = Refused(
            PngBuilder.Build(
                PngBuilder.Header(1, 1, 8, PngFormat.Gray, interlace: 1),
                PngBuilder.Data([0, 1]),
                PngBuilder.End
            )
        );
        Assert.Contains("interlaced", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_cut_of_a_file_is_refused_as_truncated()
    {
        byte[] whole = PngBuilder.Build(3, 1, 8, PngFormat.Indexed, [0, 1, 2, 3]);
        // The end mark takes the last 12 bytes; before them, what cannot be checked is missing.
        for (int length = 8; length < whole.Length - 12; length++)
            Assert.Equal(LpossErrorCode.TruncatedImage, Refused(whole[..length]).Code);
    }

    [Fact]
    public void Every_changed_byte_is_noticed()
    {
        byte[] whole = PngBuilder.Build(3, 1, 8, PngFormat.Indexed, [0, 1, 2, 3]);
        for (int i = 8; i < whole.Length - 12; i++)
        {
            byte[] damaged = [.. whole];
            damaged[i] ^= 0x10;
            Refused(damaged);
        }
    }

    [Fact]
    public void Too_few_and_too_many_rows_are_refused()
    {
        Assert.Contains(
            "pixels for 1 of 2 rows",
            Refused(PngBuilder.Build(2, 2, 8, PngFormat.Gray, [0, 1, 2])).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "more pixels",
            Refused(PngBuilder.Build(2, 1, 8, PngFormat.Gray, [0, 1, 2, 3])).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "unknown filter",
            Refused(PngBuilder.Build(2, 1, 8, PngFormat.Gray, [5, 1, 2])).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(50000, 50000)]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(int.MaxValue, 1)]
    public void A_header_of_an_absurd_size_is_refused_before_anything_is_allocated(int width, int height)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        LpossException error = Refused(PngBuilder.Build(width, height, 8, PngFormat.Indexed, [0, 1]));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
        Assert.Equal(LpossErrorCode.ImageTooLarge, error.Code);
        Assert.Contains($"{width} x {height} pixels", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, 8, PngFormat.Gray)]
    [InlineData(1, -1, 8, PngFormat.Gray)]
    [InlineData(1, 1, 3, PngFormat.Gray)]
    [InlineData(1, 1, 16, PngFormat.Indexed)]
    [InlineData(1, 1, 8, 7)]
    public void An_impossible_header_is_refused_as_damaged(int width, int height, byte bits, byte colourType) =>
        Assert.Equal(
            LpossErrorCode.DamagedImage,
            Refused(PngBuilder.Build(width, height, bits, colourType, [0, 1])).Code
        );

    [Fact]
    public void The_checksum_is_that_of_the_standard() =>
        // Every PNG ends with these four bytes.
        Assert.Equal(0xAE426082u, System.IO.Hashing.Crc32.HashToUInt32("IEND"u8));

    private ushort[] Read(byte[] png) => LabelMap.Load(_folder.Save("x.png", png)).Labels.ToArray();

    private LpossException Refused(byte[] png)
    {
        string path = _folder.Save("x.png", png);
        return Assert.Throws<LpossException>(() => LabelMap.Load(path));
    }

    private static LabelMap RandomLabels(int width, int height, int greatest)
    {
        Random random = new(11);
        ushort[] labels = new ushort[width * height];
        for (int i = 0; i < labels.Length; i++)
            labels[i] = (ushort)random.Next(greatest + 1);
        labels[^1] = (ushort)greatest;
        return new LabelMap(width, height, labels);
    }
}
