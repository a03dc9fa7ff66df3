using Lposs.Imaging;
using Xunit;

namespace Lposs.Tests.Imaging;

public sealed class ImageTypesTests
{
    [Fact]
    public void An_image_needs_as_many_bytes_as_its_size_says()
    {
        Assert.Equal(new RgbColour(4, 5, 6), new Image(1, 2, [1, 2, 3, 4, 5, 6])[0, 1]);
        Assert.Throws<ArgumentException>(() => new Image(1, 2, new byte[5]));
        Assert.Throws<ArgumentException>(() => new LabelMap(1, 2, new ushort[3]));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(-1, -1)]
    [InlineData(65536, 65536)] // 2^32: would be 0 in 32 bits
    [InlineData(int.MaxValue, int.MaxValue)]
    public void Impossible_sizes_are_refused_before_they_are_multiplied(int width, int height)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Image(width, height, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LabelMap(width, height, []));
    }

    [Fact]
    public void The_default_palette_is_the_pascal_voc_colour_map()
    {
        // background, aeroplane, bicycle, person, tvmonitor, void
        Assert.Equal(new RgbColour(0, 0, 0), Palette.Voc[0]);
        Assert.Equal(new RgbColour(128, 0, 0), Palette.Voc[1]);
        Assert.Equal(new RgbColour(0, 128, 0), Palette.Voc[2]);
        Assert.Equal(new RgbColour(192, 128, 128), Palette.Voc[15]);
        Assert.Equal(new RgbColour(0, 64, 128), Palette.Voc[20]);
        Assert.Equal(new RgbColour(224, 224, 192), Palette.Voc[255]);
        Assert.Equal(new RgbColour(128, 0, 0), Palette.VocWithoutBackground[0]);
    }

    [Fact]
    public void Every_label_has_a_colour_of_its_own() =>
        Assert.Equal(
            65536,
            Enumerable.Range(0, 65536).Select(label => Palette.VocWithoutBackground[(ushort)label]).Distinct().Count()
        );

    [Fact]
    public void Own_colours_come_first_and_the_standard_follows()
    {
        Palette palette = new([new RgbColour(9, 9, 9)]);
        Assert.Equal(new RgbColour(9, 9, 9), palette[0]);
        Assert.Equal(Palette.Voc[1], palette[1]);
        Assert.Throws<ArgumentException>(() => new Palette(new RgbColour[65537]));
    }

    [Theory]
    [InlineData("#0a80ff", true)]
    [InlineData("#0A80FF", true)]
    [InlineData("0a80ff", false)]
    [InlineData("#0a80f", false)]
    [InlineData("# a80ff", false)]
    [InlineData("#0a80fg", false)]
    [InlineData(null, false)]
    public void Colours_are_written_as_six_hexadecimal_digits(string? text, bool valid)
    {
        Assert.Equal(valid, RgbColour.TryParse(text, out RgbColour colour));
        Assert.Equal(valid ? new RgbColour(10, 128, 255) : default, colour);
        if (valid)
            Assert.Equal("#0a80ff", colour.ToString());
    }

    [Fact]
    public void An_overlay_mixes_pixel_and_colour_by_the_opacity()
    {
        Image image = new(2, 1, [100, 100, 100, 255, 255, 255]);
        LabelMap labels = new(2, 1, [0, 1]);
        Palette palette = new([new RgbColour(200, 0, 100), new RgbColour(255, 255, 255)]);
        Assert.Equal(image.Pixels.ToArray(), Overlay.Blend(image, labels, palette, 0).Pixels.ToArray());
        Assert.Equal([200, 0, 100, 255, 255, 255], Overlay.Blend(image, labels, palette, 1).Pixels.ToArray());
        Assert.Equal([125, 75, 100, 255, 255, 255], Overlay.Blend(image, labels, palette, 0.25f).Pixels.ToArray());
    }

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(1.1f)]
    [InlineData(float.NaN)]
    public void An_opacity_beyond_0_and_1_is_refused(float opacity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Overlay.Blend(new Image(1, 1, new byte[3]), new LabelMap(1, 1, [0]), Palette.Voc, opacity)
        );

    [Fact]
    public void An_overlay_of_another_size_is_refused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() =>
            Overlay.Blend(new Image(2, 1, new byte[6]), new LabelMap(1, 2, [0, 0]), Palette.Voc)
        );
        Assert.StartsWith(
            "labels has 1 x 2 pixels; it must have the image's 2 x 1.",
            error.Message,
            StringComparison.Ordinal
        );
    }
}
