using Lposs.Arrays;
using Lposs.Cli.Files;
using Lposs.Cli.Output;
using Lposs.Encoding;
using Lposs.Files;
using Lposs.Imaging;
using Lposs.Segmentation;

namespace Lposs.Cli.Commands;

/// <summary>One picture of <c>lposs segment</c>, from its file to its results' files.</summary>
internal sealed class PictureSegmentation(
    Segmenter segmenter, ClassList classes, SegmentationSettings settings, ImageReadOptions limits, OutputPlan plan)
{
    private readonly Palette _palette = PaletteOf(classes);
    private bool _hasClassFile;

    /// <summary>The class file of the run; null until a picture is done.</summary>
    public string? ClassFile => _hasClassFile ? plan.ClassFile : null;

    public SegmentedPictureDocument Run(PictureOutputs outputs, CancellationToken cancellation)
    {
        var times = new StageTimes();
        var picture = times.Measure("read", () => ImageFile.Read(outputs.Input, limits));
        cancellation.ThrowIfCancellationRequested();
        var result = segmenter.Segment(picture, classes, settings, cancellation);
        times.Add(result.Times);
        times.Measure("write", () => Write(outputs, picture, result, cancellation));
        return new SegmentedPictureDocument(
            outputs.Input, null, picture.Width, picture.Height, outputs.ByName, SharesOf(result), times.Finish(),
            SolvesDocument.Of(result.PatchSolve, result.PixelSolve));
    }

    private void Write(PictureOutputs outputs, RgbImage picture, SegmentationResult result, CancellationToken cancellation)
    {
        OutputFolder.Create(plan.Folder);
        if (!_hasClassFile)
            AtomicFile.WriteText(plan.ClassFile, classes.ToJson());
        _hasClassFile = true;
        cancellation.ThrowIfCancellationRequested();
        LabelPng.Write(outputs.Labels, result.Labels, _palette);
        if (outputs.Overlay is { } overlay)
        {
            cancellation.ThrowIfCancellationRequested();
            PngFile.WriteRgb(overlay, Overlay.Blend(picture, result.Labels, _palette));
        }
        if (outputs.Scores is { } scores)
        {
            cancellation.ThrowIfCancellationRequested();
            NpyFile.Write(scores, result.Scores!);
        }
        if (outputs.Confidence is { } confidence)
        {
            cancellation.ThrowIfCancellationRequested();
            NpyFile.Write(confidence, result.Confidence!);
            PngFile.WriteGray(outputs.ConfidencePicture!, picture.Width, picture.Height, Levels(result.Confidence!.Span));
        }
    }

    private Dictionary<int, double> SharesOf(SegmentationResult result)
    {
        long[] pixels = new long[ushort.MaxValue + 1];
        foreach (ushort label in result.Labels.Labels.Span)
            pixels[label]++;
        return classes.Classes.ToDictionary(c => c.Id, c => Math.Round((double)pixels[c.Id] / result.Labels.Labels.Length, 6));
    }

    /// <summary>Confidence has no absolute scale, so white is the picture's largest.</summary>
    private static byte[] Levels(ReadOnlySpan<float> confidence)
    {
        float largest = 0;
        foreach (float value in confidence)
            largest = Math.Max(largest, value);
        byte[] levels = new byte[confidence.Length];
        for (int i = 0; largest > 0 && i < levels.Length; i++)
            levels[i] = (byte)MathF.Round(255 * confidence[i] / largest);
        return levels;
    }

    private static Palette PaletteOf(ClassList classes)
    {
        var colours = new RgbColour[classes.Classes.Max(c => c.Id) + 1];
        foreach (var c in classes.Classes)
            colours[c.Id] = ResultFiles.Rgb(c.Colour);
        return new Palette(colours);
    }
}
