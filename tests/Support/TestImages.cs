using Lposs.Imaging;

namespace Lposs.Tests.Support;

/// <summary>Rendered images for tests.</summary>
internal static class TestImages
{
    private static readonly (byte R, byte G, byte B) s_red = (200, 40, 40);
    private static readonly (byte R, byte G, byte B) s_green = (40, 200, 40);

    /// <summary>A blue sky over a grey road with noise, so that no surface is flat.</summary>
    public static Image Scene(int width, int height, int seed = 1)
    {
        var random = new Random(seed);
        byte[] pixels = new byte[width * height * 3];
        for (int i = 0; i < width * height; i++)
        {
            bool sky = i / width < height / 2;
            pixels[3 * i] = (byte)(random.Next(12) + (sky ? 120 : 90));
            pixels[3 * i + 1] = (byte)(random.Next(12) + (sky ? 170 : 90));
            pixels[3 * i + 2] = (byte)(random.Next(12) + (sky ? 230 : 92));
        }
        return new Image(width, height, pixels);
    }

    /// <summary>Red left of a column, green from it on.</summary>
    public static Image Split(int width, int height, int column) =>
        Render(width, height, (x, _) => x < column ? s_red : s_green);

    /// <summary>An image by its pixels' colours.</summary>
    public static Image Render(int width, int height, Func<int, int, (byte R, byte G, byte B)> colour)
    {
        byte[] pixels = new byte[width * height * 3];
        for (int i = 0; i < width * height; i++)
            (pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]) = colour(i % width, i / width);
        return new Image(width, height, pixels);
    }

    /// <summary>A label map by its pixels' labels.</summary>
    public static LabelMap Labels(int width, int height, Func<int, int, int> label) =>
        new(width, height, [.. Enumerable.Range(0, width * height).Select(i => (ushort)label(i % width, i / width))]);
}
