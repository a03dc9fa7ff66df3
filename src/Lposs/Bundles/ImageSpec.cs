using Lposs.Json;

namespace Lposs.Bundles;

/// <summary>How an image is brought before a bundle's encoders: its size and the windows cut from it, in
/// pixels.</summary>
/// <param name="ShortSide">The short side that the image is resized to; 448 in the paper.</param>
/// <param name="LongSide">The most that the long side may have then; it wins over the short side.</param>
/// <param name="Crop">Side of the square windows; an image that is smaller is one smaller window.</param>
/// <param name="Stride">From one window to the next; at most <paramref name="Crop"/>.</param>
internal sealed record ImageSpec(int ShortSide, int LongSide, int Crop, int Stride)
{
    private const int LargestSide = 65_536;

    /// <summary>The paper's.</summary>
    public static ImageSpec Paper { get; } = new(448, 2048, 224, 112);

    internal static ImageSpec Read(JsonObjectReader? reader)
    {
        var paper = Paper;
        if (reader is null)
            return paper;
        int crop = reader.OptionalInteger("crop", 1, 4096) ?? paper.Crop;
        int shortSide = reader.OptionalInteger("short_side", 1, LargestSide) ?? paper.ShortSide;
        var image = new ImageSpec(
            shortSide,
            reader.OptionalInteger("long_side", shortSide, LargestSide) ?? Math.Max(shortSide, paper.LongSide),
            crop,
            reader.OptionalInteger("stride", 1, crop) ?? Math.Max(1, crop / 2)
        );
        reader.RejectUnknown();
        return image;
    }
}
