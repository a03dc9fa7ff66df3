namespace Lposs.Models;

/// <summary>How a picture is brought before a bundle's encoders: its size and the windows cut from it, in pixels.</summary>
/// <param name="ShortSide">The short side that the picture is resized to; 448 in the paper.</param>
/// <param name="LongSide">The most that the long side may have then; it wins over the short side.</param>
/// <param name="Crop">Side of the square windows; a picture that is smaller is one smaller window.</param>
/// <param name="Stride">From one window to the next; at most <paramref name="Crop"/>.</param>
public sealed record PictureSpec(int ShortSide, int LongSide, int Crop, int Stride)
{
    private const int LargestSide = 65_536;

    /// <summary>The paper's.</summary>
    public static PictureSpec Paper { get; } = new(448, 2048, 224, 112);

    internal static PictureSpec Read(JsonObjectReader? reader)
    {
        var paper = Paper;
        if (reader is null)
            return paper;
        int crop = reader.OptionalInteger("crop", 1, 4096) ?? paper.Crop;
        int shortSide = reader.OptionalInteger("short_side", 1, LargestSide) ?? paper.ShortSide;
        var picture = new PictureSpec(
            shortSide,
            reader.OptionalInteger("long_side", shortSide, LargestSide) ?? Math.Max(shortSide, paper.LongSide),
            crop,
            reader.OptionalInteger("stride", 1, crop) ?? Math.Max(1, crop / 2));
        reader.RefuseOthers();
        return picture;
    }
}
