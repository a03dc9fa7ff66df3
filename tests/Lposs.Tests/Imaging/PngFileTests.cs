using Lposs.Imaging;
using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Tests.Imaging;

public sealed class PngFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(67, 45)]
    [InlineData(640, 480)]
    public void Images_come_back_through_libvips_as_they_were_written(int width, int height)
    {
        byte[] pixels = new byte[width * height * 3];
        new Random(1).NextBytes(pixels);
        PngFile.WriteRgb(_folder.At("a.png"), new Image(width, height, pixels));
        Assert.Equal(pixels, Image.Load(_folder.At("a.png")).Pixels.ToArray());
        Assert.Equal(["a.png"], _folder.Names());
    }

    [Fact]
    public void Smooth_images_stay_small()
    {
        const int Side = 256;
        byte[] pixels = new byte[Side * Side * 3];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(i / 3 / Side / 2 + (i / 3 % Side) / 3);
        PngFile.WriteRgb(_folder.At("a.png"), new Image(Side, Side, pixels));
        Assert.True(new FileInfo(_folder.At("a.png")).Length < pixels.Length / 20);
    }

    [Fact]
    public void Gray_levels_come_back()
    {
        byte[] levels = [0, 1, 128, 255, 254, 7];
        PngFile.WriteGray(_folder.At("g.png"), 3, 2, levels);
        Assert.Equal(levels.Select(level => (ushort)level), LabelMap.Load(_folder.At("g.png")).Labels.ToArray());
        Assert.Throws<ArgumentException>(() => PngFile.WriteGray(_folder.At("g.png"), 3, 3, levels));
    }
}
