using System.Diagnostics;
using Lposs.Bundles;
using Lposs.Encoders;

namespace Lposs.Pipeline;

/// <summary>From the features of an image's patches to its labels: one call of the core.</summary>
internal sealed class ImageSolver(
    LpossContext context,
    ModelBundle bundle,
    TextEncoder textEncoder,
    ComputeDevice device
)
{
    public SegmentationResult Solve(
        EncodedImage encoded,
        ClassList classes,
        SegmentationSettings settings,
        CancellationToken cancellationToken
    )
    {
        if (settings.NeedsVm && !encoded.HasVm)
            throw new ArgumentException(
                $"the image was encoded without the vision model, which mode {settings.Mode} needs.",
                nameof(encoded)
            );

        long start = Stopwatch.GetTimestamp();
        var text = textEncoder.Encode(classes, cancellationToken);
        double textTime = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        if (text.Dimensions != encoded.VlmDimensions)
            throw new LpossException(
                LpossErrorCode.InvalidBundle,
                $"{bundle.Folder}: the text encoder gives {text.Dimensions} numbers and the image encoder vlm "
                    + $"{encoded.VlmDimensions}; they must share one space."
            );

        var buffers = new OutputBuffers(
            encoded.Image.Height,
            encoded.Image.Width,
            classes.Classes.Length,
            settings.WithScores,
            settings.WithConfidence
        );
        cancellationToken.ThrowIfCancellationRequested();
        // What lies on a device is solved there, on the stream that it came by.
        (encoded.Context ?? context).Segment(
            new SegmentInputs
            {
                PatchSize = encoded.PatchSize,
                Image = encoded.InputView,
                Windows = encoded.Windows,
                Vlm = encoded.VlmView,
                Vm =
                    settings.Mode == SegmentationMode.Vlm ? default
                    : settings.NeedsVm ? encoded.VmView
                    : encoded.VlmView,
                Text = new ReadOnlyTensorView<float>(text.Values.Span, text.Prompts, text.Dimensions),
                PromptClasses = classes.PromptClasses.AsSpan(),
            },
            buffers.View(),
            settings.Mode,
            settings.Parameters ?? bundle.Parameters,
            out var report,
            cancellationToken: cancellationToken
        );
        cancellationToken.ThrowIfCancellationRequested();

        return new SegmentationResult
        {
            Labels = buffers.Labels([.. classes.Classes.Select(c => (ushort)c.Id)], encoded.Image),
            Scores = buffers.Scores,
            Confidence = buffers.Confidence,
            Classes = classes,
            Mode = settings.Mode,
            Times = new SegmentationTimes(textTime, encoded.Times, report.Times),
            PatchSolve = report.Patch,
            PixelSolve = report.Pixel,
            Device = device,
            Warnings = [.. encoded.Image.Warnings, .. Warnings(bundle, classes, textEncoder)],
        };
    }

    /// <summary>The prompts that the bundle's encoders never learnt, as far as the bundle says what they did.</summary>
    public static IReadOnlyList<string> UnknownPrompts(ModelBundle bundle, ClassList classes) =>
        bundle.KnownWords is { } known ? [.. classes.Prompts.Where(prompt => !known.Contains(prompt))] : [];

    /// <summary>What a user should know of these classes in this bundle.</summary>
    public static IReadOnlyList<string> Warnings(ModelBundle bundle, ClassList classes, TextEncoder textEncoder)
    {
        var unknown = UnknownPrompts(bundle, classes);
        var warnings = new List<string>();
        if (unknown.Count > 0)
        {
            warnings.Add(
                $"the model {bundle.Name} never learnt {string.Join(", ", unknown.Select(prompt => $"'{prompt}'"))}, "
                    + "so what it finds for "
                    + $"{(unknown.Count == 1 ? "it" : "them")} means nothing; its words are in its "
                    + $"{nameof(ModelBundle.KnownWords)}, and a bundle of real encoders knows others."
            );
        }
        if (CutWarning(bundle, classes, textEncoder.Encode(classes)) is { } cut)
            warnings.Add(cut);
        if (textEncoder.CacheProblem is { } problem)
            warnings.Add(problem);
        return warnings;
    }

    /// <summary>Which prompts were cut, and of which classes; null if none was.</summary>
    public static string? CutWarning(ModelBundle bundle, ClassList classes, PromptEmbeddings embeddings) =>
        embeddings.CutPrompts.IsEmpty
            ? null
            : $"the text encoder of {bundle.Name} reads {bundle.Text.ContextLength} tokens, and what is beyond them "
                + "was left out of "
                + string.Join(
                    ", ",
                    embeddings.CutPrompts.Select(prompt =>
                        $"'{classes.Prompts[prompt]}' (class '{classes.Classes[classes.PromptClasses[prompt]].Name}')"
                    )
                );
}
