using Lposs.Imaging;
using Lposs.Segmentation;

namespace Lposs.Formats;

/// <summary>"overlay": NAME_overlay.png, the picture with the classes' colours over it.</summary>
internal sealed class OverlayFormat(Palette palette) : IResultFormat
{
    public string Name => "overlay";

    public ResultNeeds Needs => ResultNeeds.None;

    public IReadOnlyList<string> Paths(string stem) => [stem + "_overlay.png"];

    public IReadOnlyList<ResultFile> Encode(string stem, string inputName, RgbImage picture, SegmentationResult result)
    {
        using var stream = new MemoryStream();
        PngFile.WriteRgb(stream, Overlay.Blend(picture, result.Labels, palette));
        return [new ResultFile(Paths(stem)[0], stream.GetBuffer().AsMemory(0, (int)stream.Length))];
    }
}
