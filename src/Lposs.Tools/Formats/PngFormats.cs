using Lposs.Imaging;

namespace Lposs.Tools.Formats;

/// <summary>"labels": NAME.png, the label map; its values are the classes' ids (<see cref="LabelPng"/>).</summary>
internal sealed class LabelsFormat(Palette palette) : IResultFormat
{
    public string Name => "labels";

    public ResultNeeds Needs => ResultNeeds.None;

    public IReadOnlyList<string> Paths(string stem) => [StemPath.Of("", stem, ".png")];

    public IReadOnlyList<ResultFile> Encode(string stem, string inputName, Image image, SegmentationResult result)
    {
        using var stream = new MemoryStream();
        LabelPng.Write(stream, result.Labels, palette);
        return [ResultFile.Of(Paths(stem)[0], stream)];
    }
}

/// <summary>"labels-gray": NAME_gray.png, the labels as gray values with 8 bits, or 16 where a class's id is above 255;
/// for programs that turn a palette into colours when they read it.</summary>
internal sealed class GrayLabelsFormat(ClassList classes) : IResultFormat
{
    private readonly byte _bits = classes.Classes.Any(c => c.Id >= byte.MaxValue) ? (byte)16 : (byte)8;

    public string Name => "labels-gray";

    public ResultNeeds Needs => ResultNeeds.None;

    public IReadOnlyList<string> Paths(string stem) => [StemPath.Of("", stem, "_gray.png")];

    public IReadOnlyList<ResultFile> Encode(string stem, string inputName, Image image, SegmentationResult result)
    {
        var labels = result.Labels;
        using var stream = new MemoryStream();
        PngFile.WriteGray(stream, labels.Width, labels.Height, _bits, at => labels.Labels.Span[at]);
        return [ResultFile.Of(Paths(stem)[0], stream)];
    }
}

/// <summary>"overlay": NAME_overlay.png, the image with the classes' colours over it.</summary>
internal sealed class OverlayFormat(Palette palette) : IResultFormat
{
    public string Name => "overlay";

    public ResultNeeds Needs => ResultNeeds.None;

    public IReadOnlyList<string> Paths(string stem) => [StemPath.Of("", stem, "_overlay.png")];

    public IReadOnlyList<ResultFile> Encode(string stem, string inputName, Image image, SegmentationResult result)
    {
        using var stream = new MemoryStream();
        PngFile.WriteRgb(stream, Overlay.Blend(image, result.Labels, palette));
        return [ResultFile.Of(Paths(stem)[0], stream)];
    }
}

/// <summary>
/// "confidence" and "confidence16": NAME_confidence.png, gray with 8 or 16 bits: largest score minus second largest,
/// where white is the image's largest; all black where every confidence is 0.
/// </summary>
internal sealed class ConfidenceFormat(string name, byte bits) : IResultFormat
{
    public string Name => name;

    public ResultNeeds Needs => ResultNeeds.Confidence;

    public IReadOnlyList<string> Paths(string stem) => [StemPath.Of("", stem, "_confidence.png")];

    public IReadOnlyList<ResultFile> Encode(string stem, string inputName, Image image, SegmentationResult result)
    {
        var confidence = result.Confidence!;
        float largest = 0;
        foreach (float value in confidence.Span)
            largest = Math.Max(largest, value);
        int white = (1 << bits) - 1;
        double scale = largest > 0 ? white / (double)largest : 0;
        using var stream = new MemoryStream();
        PngFile.WriteGray(
            stream,
            result.Labels.Width,
            result.Labels.Height,
            bits,
            at => (int)Math.Clamp(Math.Round(confidence.Span[at] * scale), 0, white)
        );
        return [ResultFile.Of(Paths(stem)[0], stream)];
    }
}
