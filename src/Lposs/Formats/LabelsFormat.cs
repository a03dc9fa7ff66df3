using Lposs.Imaging;
using Lposs.Segmentation;

namespace Lposs.Formats;

/// <summary>"labels": NAME.png, the label map; its values are the classes' ids (<see cref="LabelPng"/>).</summary>
internal sealed class LabelsFormat(Palette palette) : IResultFormat
{
    public string Name => "labels";

    public ResultNeeds Needs => ResultNeeds.None;

    public IReadOnlyList<string> Paths(string stem) => [stem + ".png"];

    public IReadOnlyList<ResultFile> Encode(string stem, string inputName, RgbImage picture, SegmentationResult result)
    {
        using var stream = new MemoryStream();
        LabelPng.Write(stream, result.Labels, palette);
        return [new ResultFile(Paths(stem)[0], stream.GetBuffer().AsMemory(0, (int)stream.Length))];
    }
}
