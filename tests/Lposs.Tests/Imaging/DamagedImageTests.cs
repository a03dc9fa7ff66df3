using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Tests.Imaging;

/// <summary>Images that a decoder warns of and reads all the same.</summary>
public sealed class DamagedImageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_jpeg_with_a_hole_is_read_with_a_warning()
    {
        string path = _folder.Save("hole.jpg", WithHole());
        Image image = Image.Load(path);
        Assert.Equal((32, 16), (image.Width, image.Height));
        string warning = Assert.Single(image.Warnings);
        Assert.StartsWith($"'{path}' may be wrong in places; its decoder says: ", warning, StringComparison.Ordinal);
        Assert.Contains("Corrupt JPEG data", warning, StringComparison.Ordinal);
        Assert.Equal(image.Pixels.ToArray(), Image.Decode(WithHole(), "x").Pixels.ToArray());
    }

    [Fact]
    public void A_jpeg_with_a_hole_is_refused_where_that_is_asked_for()
    {
        var strict = new ImageReadOptions { IsStrict = true };
        var error = Assert.Throws<LpossException>(() => Image.Decode(WithHole(), "x", strict));
        Assert.Equal((LpossErrorCode.DamagedImage, "IsStrict"), (error.Code, error.Argument));
        Assert.Empty(Image.Decode(Support.Samples.Bytes("baseline.jpg"), "x", strict).Warnings);
    }

    [Fact]
    public void A_file_that_cannot_be_read_at_all_is_refused_in_the_same_words_as_before()
    {
        byte[] cut = Support.Samples.Bytes("baseline.jpg")[..300];
        foreach (bool isStrict in (bool[])[false, true])
        {
            var error = Assert.Throws<LpossException>(() =>
                Image.Decode(cut, "x", new ImageReadOptions { IsStrict = isStrict })
            );
            Assert.Equal(LpossErrorCode.TruncatedImage, error.Code);
        }
    }

    // A marker where there are pixels: the decoder fills what is missing before it with gray.
    private static byte[] WithHole()
    {
        byte[] bytes = Support.Samples.Bytes("baseline.jpg");
        int scan = bytes.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]) + 14;
        (bytes[scan + 3], bytes[scan + 4]) = (0xFF, 0xD3);
        return bytes;
    }
}
