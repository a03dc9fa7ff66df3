using System.Diagnostics;
using Lposs.Encoding;
using Lposs.Models;

namespace Lposs.Segmentation;

/// <summary>From the features of a picture's patches to its labels: one call of the core.</summary>
internal sealed class PictureSolver(LpossContext context, ModelBundle bundle, TextEncoder textEncoder, ComputeDevice device)
{
    public SegmentationResult Solve(
        EncodedPicture encoded, ClassList classes, SegmentationSettings settings, CancellationToken cancellation)
    {
        if (settings.Mode != SegmentationMode.Vlm && encoded.Vm is null)
            throw new ArgumentException($"the picture was encoded in mode Vlm, without the vision model that mode {settings.Mode} needs.", nameof(encoded));

        long start = Stopwatch.GetTimestamp();
        var text = textEncoder.Encode(classes, cancellation);
        double textTime = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        if (text.Dimensions != encoded.Vlm.Dimensions)
            throw new ModelBundleException(
                $"{bundle.Folder}: the text encoder gives {text.Dimensions} numbers and the image encoder vlm {encoded.Vlm.Dimensions}; they must share one space.");

        var buffers = new OutputBuffers(
            encoded.Picture.Height, encoded.Picture.Width, classes.Classes.Length, settings.WithScores, settings.WithConfidence);
        cancellation.ThrowIfCancellationRequested();
        context.Segment(
            new SegmentInputs
            {
                PatchSize = encoded.PatchSize,
                Image = encoded.ModelInput.View(),
                Windows = encoded.Windows,
                Vlm = encoded.Vlm.View(),
                Vm = settings.Mode == SegmentationMode.Vlm ? default : encoded.Vm!.View(),
                Text = new ReadOnlyTensorView<float>(text.Values.Span, text.Prompts, text.Dimensions),
                PromptClasses = classes.PromptClasses.AsSpan(),
            },
            buffers.View(), settings.Mode, settings.Parameters ?? bundle.Parameters, out var report);
        cancellation.ThrowIfCancellationRequested();

        return new SegmentationResult
        {
            Labels = buffers.Labels([.. classes.Classes.Select(c => (ushort)c.Id)]),
            Scores = buffers.Scores,
            Confidence = buffers.Confidence,
            Classes = classes,
            Mode = settings.Mode,
            Times = new SegmentationTimes(textTime, encoded.Times, report.Times),
            PatchSolve = report.Patch,
            PixelSolve = report.Pixel,
            Device = device,
            Warnings = Warnings(bundle, classes),
        };
    }

    /// <summary>The prompts that the bundle's encoders never learnt, as far as the bundle says what they did.</summary>
    public static IReadOnlyList<string> UnknownPrompts(ModelBundle bundle, ClassList classes) =>
        bundle.KnownWords is { } known ? [.. classes.Prompts.Where(prompt => !known.Contains(prompt))] : [];

    /// <summary>What a user should know of these classes in this bundle.</summary>
    public static IReadOnlyList<string> Warnings(ModelBundle bundle, ClassList classes)
    {
        var unknown = UnknownPrompts(bundle, classes);
        return unknown.Count == 0 ? [] :
        [
            $"the model {bundle.Name} never learnt {string.Join(", ", unknown.Select(prompt => $"'{prompt}'"))}, so what it finds for "
            + $"{(unknown.Count == 1 ? "it" : "them")} means nothing; its words are in its {nameof(ModelBundle.KnownWords)}, and a bundle of real encoders knows others.",
        ];
    }
}
