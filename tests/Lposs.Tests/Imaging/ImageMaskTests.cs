using Lposs.Imaging;
using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Tests.Imaging;

/// <summary>Pixels without data: transparent ones, and those that hold what their file calls nodata.</summary>
public sealed class ImageMaskTests
{
    [Fact]
    public void Wholly_transparent_pixels_of_a_png_have_no_data()
    {
        byte[] rows = [0, 10, 20, 30, 255, 40, 50, 60, 1, 70, 80, 90, 0];
        Image image = Image.Decode(PngBuilder.Build(3, 1, 8, PngFormat.Rgba, rows), "x");
        Assert.Equal([255, 255, 0], image.Mask.ToArray());
        Assert.Equal(new RgbColour(70, 80, 90), image[2, 0]);
    }

    [Fact]
    public void An_image_whose_pixels_all_have_data_has_no_mask()
    {
        byte[] rows = [0, 10, 20, 30, 255, 40, 50, 60, 1];
        Assert.True(Image.Decode(PngBuilder.Build(2, 1, 8, PngFormat.Rgba, rows), "x").Mask.IsEmpty);
        Assert.True(Image.Load(Support.Samples.At("baseline.jpg")).Mask.IsEmpty);
    }

    [Theory]
    [InlineData((ushort)0, false)]
    [InlineData((ushort)1, true)]
    [InlineData((ushort)2, true)]
    public void A_fourth_channel_of_a_tiff_is_alpha_where_the_file_says_so(ushort extraSample, bool isAlpha)
    {
        byte[] file = TiffBuilder.Build(
            2,
            1,
            TiffBuilder.Rgb,
            4,
            8,
            TiffBuilder.Unsigned,
            [1, 2, 3, 0, 4, 5, 6, 9],
            extraSample
        );
        Assert.Equal(isAlpha ? [0, 255] : [], Image.Decode(file, "x").Mask.ToArray());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0.0")]
    [InlineData("255")]
    public void Nodata_counts_where_all_colours_have_it(string none)
    {
        byte value = (byte)double.Parse(none, System.Globalization.CultureInfo.InvariantCulture);
        byte[] file = TiffBuilder.Build(
            3,
            1,
            TiffBuilder.Rgb,
            3,
            8,
            TiffBuilder.Unsigned,
            [value, value, value, value, 7, value, 7, 7, 7],
            noData: none
        );
        Assert.Equal([0, 255, 255], Image.Decode(file, "x").Mask.ToArray());
    }

    [Theory]
    [InlineData("-9999")]
    [InlineData("nan")]
    [InlineData("none")]
    public void A_value_for_nothing_that_no_sample_has_hides_nothing(string none)
    {
        byte[] file = TiffBuilder.Build(
            2,
            1,
            TiffBuilder.BlackIsZero,
            1,
            8,
            TiffBuilder.Unsigned,
            [0, 9],
            noData: none
        );
        Assert.True(Image.Decode(file, "x").Mask.IsEmpty);
    }

    [Fact]
    public void Results_have_a_label_of_their_own_there()
    {
        using var refiner = new Refiner(new ComputeOptions { Device = DevicePreference.Cpu, Threads = 1 });
        byte[] mask = [.. Enumerable.Repeat((byte)255, 8 * 8)];
        mask[9] = 0;
        var image = new Image(8, 8, new byte[8 * 8 * 3]) { Mask = mask };
        ushort[] halves = [.. Enumerable.Range(0, 64).Select(i => (ushort)(i < 32 ? 3 : 255))];
        LabelMap two = refiner.Refine(image, new LabelMap(8, 8, halves), ignore: 255).Labels;
        Assert.Equal(
            ((ushort?)255, 255, 1),
            (two.NoData, two[1, 1], two.Labels.ToArray().Count(label => label == 255))
        );
        LabelMap taken = refiner.Refine(image, new LabelMap(8, 8, halves), ignore: null).Labels;
        Assert.Equal(((ushort?)65535, 65535), (taken.NoData, taken[1, 1]));
        Image overlay = Overlay.Blend(image, two, Palette.Voc);
        Assert.Equal(default, overlay[1, 1]);
        Assert.NotEqual(default, overlay[0, 0]);
    }

    [Fact]
    public void A_mask_of_another_length_is_refused() =>
        Assert.Throws<ArgumentException>(() => new Image(2, 2, new byte[12]) { Mask = new byte[3] });

    /// <summary>Tags whose offsets and counts lie must not lead out of the file.</summary>
    [Fact]
    public void Damaged_tags_are_not_believed()
    {
        byte[] file = TiffBuilder.Build(
            2,
            1,
            TiffBuilder.Rgb,
            4,
            8,
            TiffBuilder.Unsigned,
            [1, 2, 3, 0, 4, 5, 6, 9],
            extraSample: 2,
            noData: "-9999"
        );
        var random = new Random(5);
        for (int i = 0; i < 3000; i++)
        {
            byte[] damaged = [.. file];
            for (int bytes = random.Next(1, 5); bytes > 0; bytes--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            TiffTags.Read(
                (offset, count) =>
                {
                    Assert.True(offset >= 0 && count is >= 0 and < 1 << 20);
                    return [.. damaged.Skip((int)Math.Min(offset, int.MaxValue)).Take(count)];
                }
            );
        }
    }
}
