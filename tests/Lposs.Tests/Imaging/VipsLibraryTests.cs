using Lposs.Imaging;
using Lposs.Tests.Support;
using NetVips;
using Xunit;
using Vips = NetVips.NetVips;

namespace Lposs.Tests.Imaging;

public sealed class VipsLibraryTests
{
    public VipsLibraryTests() => VipsLibrary.Require();

    [Fact]
    public void Libvips_runs_on_one_thread_and_keeps_no_operation()
    {
        Image.Load(Samples.At("baseline.jpg"));
        Assert.Equal(1, Vips.Concurrency);
        Assert.Equal((0, 0), (Cache.Max, Cache.Size));
    }

    [Theory]
    [InlineData("svgload_source")]
    [InlineData("vipsload_source")]
    [InlineData("csvload_source")]
    public void Loaders_that_libvips_calls_untrusted_are_blocked(string loader)
    {
        using Operation operation = Operation.NewFromName(loader);
        Assert.True(operation.GetFlags().HasFlag(Enums.OperationFlags.BLOCKED));
    }

    [Fact]
    public void Only_the_listed_formats_have_a_way_to_a_decoder()
    {
        byte[] svg = "<svg width=\"1\" height=\"1\"/>"u8.ToArray();
        foreach (ImageFormat format in Enum.GetValues<ImageFormat>())
            Assert.Throws<VipsException>(() => Open(svg, format));
        Assert.Throws<ArgumentOutOfRangeException>(() => Open(svg, (ImageFormat)99));
    }

    [Fact]
    public void A_part_of_an_array_is_read_like_the_whole()
    {
        byte[] bytes = Samples.Bytes("progressive.jpg");
        byte[] longer = [1, 2, 3, .. bytes, 4, 5];
        Assert.Equal(
            Image.Decode(bytes, "whole").Pixels.ToArray(),
            Image.Decode(longer.AsMemory(3, bytes.Length), "part").Pixels.ToArray()
        );
    }

    [Fact]
    public void An_array_of_another_size_is_refused_before_a_byte_is_written()
    {
        using VipsImage image = Open(Samples.Bytes("baseline.jpg"), ImageFormat.Jpeg);
        Assert.Equal((32, 16, 3, ImageColour.Rgb), (image.Width, image.Height, image.Channels, image.Colour));
        byte[] small = new byte[32 * 16 * 3 - 1];
        Assert.Throws<ArgumentException>(() => image.Decode(small));
        Assert.All(small, level => Assert.Equal(0, level));
    }

    [Fact]
    public void A_closed_image_cannot_be_decoded()
    {
        VipsImage image = Open(Samples.Bytes("baseline.jpg"), ImageFormat.Jpeg);
        image.Dispose();
        image.Dispose();
        Assert.Throws<ObjectDisposedException>(() => image.Decode(new byte[32 * 16 * 3]));
    }

    [Fact]
    public void What_was_wrong_with_an_image_that_could_be_read_is_not_said_of_the_next_one()
    {
        byte[] whole = Samples.Bytes("baseline.jpg"),
            cut = whole[..300];
        int at = whole.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDB]);
        byte[] readable = [.. whole[..at], .. new byte[9], .. whole[at..]];
        Assert.Equal(32, Image.Decode(readable, "extra bytes").Width); // "9 extraneous bytes before marker 0xdb"
        var error = Assert.Throws<LpossException>(() => Image.Decode(cut, "cut"));
        Assert.DoesNotContain("extraneous", error.Detail, StringComparison.Ordinal);
    }

    private static VipsImage Open(byte[] bytes, ImageFormat format) =>
        VipsImage.Open(
            new ImageSource(
                "bytes",
                format,
                bytes.Length,
                () => Source.NewFromMemory(bytes),
                (offset, count) => [.. bytes.Skip((int)offset).Take(count)]
            ),
            asStored: false,
            Enums.FailOn.Error
        );
}
