using System.Runtime.InteropServices;
using Xunit;

namespace Lposs.Tests.Imaging;

/// <summary>Samples that are not 8 bits: cameras with 12, satellites, elevations.</summary>
public sealed class SampleScaleTests
{
    private const int Width = 40,
        Height = 25;

    [Fact]
    public void Twelve_bits_in_sixteen_are_nearly_black_and_it_is_said()
    {
        Image image = Decode(Ramp(4095), SampleScale.None);
        Assert.Equal(15, image.Pixels.ToArray().Max());
        Assert.Equal(
            "the samples of 'ramp' have 16 bits and are all below 4096, so that it is nearly black; the scale auto "
                + "brightens it",
            Assert.Single(image.Warnings)
        );
    }

    [Fact]
    public void Sixteen_bits_that_use_their_range_are_not_warned_of()
    {
        Assert.Empty(Decode(Ramp(65535), SampleScale.None).Warnings);
        Assert.Empty(Decode(Ramp(4095), SampleScale.Auto).Warnings);
    }

    [Fact]
    public void The_automatic_scale_gives_the_same_image_whatever_the_range()
    {
        byte[] twelve = Decode(Ramp(4095), SampleScale.Auto).Pixels.ToArray(),
            sixteen = Decode(Ramp(65535), SampleScale.Auto).Pixels.ToArray();
        Assert.Equal((0, 255), (twelve.Min(), twelve.Max()));
        Assert.All(twelve.Zip(sixteen), pair => Assert.InRange(pair.First - pair.Second, -1, 1));
    }

    [Fact]
    public void A_few_bright_samples_do_not_darken_the_others()
    {
        double[] samples = Samples(1000);
        samples[7] = 65535;
        byte[] pixels = Decode(U16(samples), SampleScale.Auto).Pixels.ToArray();
        // The brightest 0.5 % are 5 of 1,000 samples, and the ramp's 995th is 995.
        Assert.Equal(255, pixels[3 * 997]);
        Assert.InRange(pixels[3 * 500], 127, 129);
    }

    [Fact]
    public void A_range_that_is_given_is_used_as_it_is()
    {
        byte[] pixels = Decode(U16(Samples(1000)), SampleScale.Between(100, 355)).Pixels.ToArray();
        AssertLevels(pixels, (0, 0), (100, 0), (101, 1), (228, 128), (355, 255), (900, 255));
    }

    [Theory]
    [InlineData(TiffBuilder.Float, 32)]
    [InlineData(TiffBuilder.Signed, 16)]
    [InlineData(TiffBuilder.Signed, 32)]
    public void Numbers_with_signs_and_fractions_need_a_scale(ushort kind, ushort bits)
    {
        double[] samples = [.. Samples(1000).Select(value => value - 500)];
        byte[] file = TiffBuilder.Build(
            Width,
            Height,
            TiffBuilder.BlackIsZero,
            1,
            bits,
            kind,
            Bytes(samples, kind, bits)
        );
        var refused = Assert.Throws<LpossException>(() => Decode(file, SampleScale.None));
        Assert.Equal((LpossErrorCode.UnsupportedPixels, "Scale"), (refused.Code, refused.Argument));
        byte[] given = Decode(file, SampleScale.Between(-500, 520)).Pixels.ToArray();
        AssertLevels(given, (0, 0), (4, 1), (500, 125), (999, 250));
        byte[] own = Decode(file, SampleScale.Auto).Pixels.ToArray();
        Assert.Equal((0, 255), (own.Min(), own.Max()));
        Assert.InRange(own[3 * 500], 126, 129);
    }

    [Fact]
    public void What_is_not_a_number_has_no_data_and_does_not_count()
    {
        double[] samples = Samples(1000);
        (samples[3], samples[4], samples[5]) = (double.NaN, double.PositiveInfinity, 1e38);
        samples[5] = double.NegativeInfinity;
        byte[] file = TiffBuilder.Build(
            Width,
            Height,
            TiffBuilder.BlackIsZero,
            1,
            32,
            TiffBuilder.Float,
            Bytes(samples, TiffBuilder.Float, 32)
        );
        Image image = Decode(file, SampleScale.Auto);
        Assert.Equal([3, 4, 5], Enumerable.Range(0, 1000).Where(i => image.Mask.Span[i] == 0));
        Assert.InRange(image.Pixels.Span[3 * 500], 126, 129);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(65535.0)]
    public void The_value_for_nothing_does_not_count(double none)
    {
        double[] samples = Samples(1000);
        for (int i = 0; i < 200; i++)
            samples[i] = none;
        byte[] file = TiffBuilder.Build(
            Width,
            Height,
            TiffBuilder.BlackIsZero,
            1,
            16,
            TiffBuilder.Unsigned,
            Bytes(samples, TiffBuilder.Unsigned, 16),
            noData: FormattableString.Invariant($"{none}")
        );
        Image image = Decode(file, SampleScale.Auto);
        Assert.InRange(image.Pixels.Span[3 * 600], 126, 129);
        Assert.Equal(200, image.Mask.ToArray().Count(level => level == 0));
    }

    [Fact]
    public void Images_with_8_bits_stay_as_they_are_unless_a_range_is_given()
    {
        byte[] file = TiffBuilder.Build(2, 1, TiffBuilder.BlackIsZero, 1, 8, TiffBuilder.Unsigned, [50, 60]);
        Assert.Equal([50, 60], Decode(file, SampleScale.Auto).Pixels.ToArray().Where((_, i) => i % 3 == 0));
        Assert.Equal([0, 255], Decode(file, SampleScale.Between(50, 60)).Pixels.ToArray().Where((_, i) => i % 3 == 0));
    }

    [Fact]
    public void An_image_of_one_value_has_a_scale_too()
    {
        Image image = Decode(U16([.. Enumerable.Repeat(700.0, 1000)]), SampleScale.Auto);
        Assert.Single(image.Pixels.ToArray().Distinct());
    }

    [Theory]
    [InlineData(8, 3)]
    [InlineData(16, 3)]
    [InlineData(8, 4)]
    [InlineData(16, 8)]
    public void Channels_that_are_tagged_as_gray_with_others_are_red_green_and_blue(ushort bits, ushort channels)
    {
        double white = bits == 8 ? 255 : 65535;
        double[] samples = new double[2 * channels];
        (samples[0], samples[channels + 1]) = (white, white);
        byte[] file = TiffBuilder.Build(
            2,
            1,
            TiffBuilder.BlackIsZero,
            channels,
            bits,
            TiffBuilder.Unsigned,
            Bytes(samples, TiffBuilder.Unsigned, bits),
            extraSample: 0
        );
        Image image = Decode(file, SampleScale.None);
        Assert.Equal(new RgbColour(255, 0, 0), image[0, 0]);
        Assert.Equal(new RgbColour(0, 255, 0), image[1, 0]);
        Assert.Equal(channels > 4 ? 1 : 0, image.Warnings.Count);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(0, double.PositiveInfinity)]
    public void A_range_without_width_is_refused(double minimum, double maximum) =>
        Assert.Throws<ArgumentException>(() => SampleScale.Between(minimum, maximum));

    private static void AssertLevels(byte[] pixels, params (int Pixel, byte Level)[] expected) =>
        Assert.Equal(expected, expected.Select(pair => (pair.Pixel, pixels[3 * pair.Pixel])));

    private static Image Decode(byte[] file, SampleScale scale) =>
        Image.Decode(file, "ramp", new ImageReadOptions { Scale = scale });

    private static byte[] Ramp(double maximum) =>
        U16([.. Enumerable.Range(0, Width * Height).Select(i => Math.Round(maximum * i / (Width * Height - 1)))]);

    private static double[] Samples(int count) => [.. Enumerable.Range(0, count).Select(i => (double)i)];

    private static byte[] U16(double[] samples) =>
        TiffBuilder.Build(
            Width,
            Height,
            TiffBuilder.BlackIsZero,
            1,
            16,
            TiffBuilder.Unsigned,
            Bytes(samples, TiffBuilder.Unsigned, 16)
        );

    private static byte[] Bytes(double[] samples, ushort kind, ushort bits) =>
        (kind, bits) switch
        {
            (TiffBuilder.Float, _) => AsBytes(samples, value => (float)value),
            (TiffBuilder.Signed, 16) => AsBytes(samples, value => (short)value),
            (TiffBuilder.Signed, _) => AsBytes(samples, value => (int)value),
            (_, 16) => AsBytes(samples, value => (ushort)value),
            _ => AsBytes(samples, value => (byte)value),
        };

    private static byte[] AsBytes<T>(double[] samples, Func<double, T> convert)
        where T : unmanaged => MemoryMarshal.AsBytes<T>(samples.Select(convert).ToArray()).ToArray();
}
