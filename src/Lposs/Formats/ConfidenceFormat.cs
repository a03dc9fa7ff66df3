using Lposs.Imaging;
using Lposs.Segmentation;

namespace Lposs.Formats;

/// <summary>
/// "confidence" and "confidence16": NAME_confidence.png, gray with 8 or 16 bits: largest score minus second largest, where
/// white is the picture's largest; all black where every confidence is 0.
/// </summary>
internal sealed class ConfidenceFormat(string name, byte bits) : IResultFormat
{
    public string Name => name;

    public ResultNeeds Needs => ResultNeeds.Confidence;

    public IReadOnlyList<string> Paths(string stem) => [StemPath.Of("", stem, "_confidence.png")];

    public IReadOnlyList<ResultFile> Encode(string stem, string inputName, RgbImage picture, SegmentationResult result)
    {
        var confidence = result.Confidence!;
        float largest = 0;
        foreach (float value in confidence.Span)
            largest = Math.Max(largest, value);
        int white = (1 << bits) - 1;
        double scale = largest > 0 ? white / (double)largest : 0;
        using var stream = new MemoryStream();
        PngFile.WriteGray(stream, result.Labels.Width, result.Labels.Height, bits, at =>
            (int)Math.Clamp(Math.Round(confidence.Span[at] * scale), 0, white));
        return [new ResultFile(Paths(stem)[0], stream.GetBuffer().AsMemory(0, (int)stream.Length))];
    }
}
