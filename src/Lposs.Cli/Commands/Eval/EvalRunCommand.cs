using System.CommandLine;
using Lposs.Cli.Options;
using Lposs.Cli.Output;
using Lposs.Tools.Evaluation;

namespace Lposs.Cli.Commands.Eval;

/// <summary><c>lposs eval run</c>: segments a benchmark's validation set and measures what came.</summary>
internal sealed class EvalRunCommand : ComputingCommand
{
    private readonly EvalDataset _dataset = new();

    private readonly ResultOptions _results = ResultOptions.OptionalFolder(
        "Write the results to this folder, those of several modes into folders of their own. [default: nothing is "
            + "written]"
    );

    private readonly SegmentationOptions _segmentation = new(takesSeveralModes: true);

    public EvalRunCommand(CommandHost host)
        : base(host, "run", "Segment the validation set of a benchmark with its classes, and measure the result.") =>
        Takes(_dataset, _results, _segmentation);

    protected override int Run(CommandCall call)
    {
        var (parse, output, cancellationToken) = call;
        var dataset = _dataset.Open(call);
        var modes = _segmentation.ReadModes(parse);
        var bundle = _segmentation.OpenBundle(parse, output);
        using var segmenter = _segmentation.OpenSegmenter(parse, bundle);
        var variants = modes.Select(mode => new Variant(mode, dataset, TargetOf(mode, modes.Count, call))).ToArray();
        try
        {
            var settings = _segmentation.ReadSettings(parse, bundle) with
            {
                WithScores = variants.Any(variant => variant.Target is { WithScores: true }),
                WithConfidence = variants.Any(variant => variant.Target is { WithConfidence: true }),
            };
            WarnOfClasses(segmenter, dataset.Classes, output);
            dataset.ForEach(
                _segmentation.ReadLimits(parse),
                call,
                (entry, image, truth) =>
                {
                    using var encoded = segmenter.Encode(image, settings, cancellationToken);
                    var name = new NamedImage(entry.Image, entry.Name);
                    foreach (var variant in variants)
                    {
                        var result = segmenter.Segment(
                            encoded,
                            dataset.Classes,
                            settings with
                            {
                                Mode = variant.Mode,
                            },
                            cancellationToken
                        );
                        variant.Scores.Add(truth, result.Labels);
                        variant.Writer?.Write(name, image, result, cancellationToken);
                    }
                }
            );
            foreach (var variant in variants)
                variant.Writer?.Finish();
            dataset.Show(
                "eval run",
                output,
                variants.Select(variant => (ModeOption.Word(variant.Mode), variant.Scores)),
                UsedModelDocument.Of(bundle, settings.Appearance)
            );
        }
        finally
        {
            foreach (var variant in variants)
                variant.Writer?.Dispose();
        }
        return ExitCode.Done;
    }

    /// <summary>Where the results of a mode go; null where none are wanted.</summary>
    private ResultTarget? TargetOf(SegmentationMode mode, int modes, CommandCall call) =>
        _results.ReadOutput(call.Parse) is { } folder
            ? ResultTarget.Folder(
                modes == 1 ? folder : Path.Combine(folder, ModeOption.Word(mode)),
                _results.ReadFormats(call.Parse)
            )
            : null;

    private static void WarnOfClasses(Segmenter segmenter, ClassList classes, CommandOutput output)
    {
        if (segmenter.UnknownPrompts(classes) is { Count: > 0 } unknown)
            output.Warn(
                $"the encoders of '{segmenter.Bundle.Name}' were never taught {unknown.Count} of the "
                    + $"{classes.Prompts.Length} prompts, '{unknown[0]}' among them; --model takes real encoders"
            );
        if (segmenter.CutPromptsWarning(classes) is { } cut)
            output.Warn(cut);
        if (segmenter.PromptCacheProblem is { } problem)
            output.Warn(problem);
    }

    /// <summary>A mode, with what it got and where its results go.</summary>
    private sealed class Variant(SegmentationMode mode, EvalDataset.Opened dataset, ResultTarget? target)
    {
        public SegmentationMode Mode => mode;

        public ResultTarget? Target => target;

        public Scores Scores { get; } = dataset.NewScores();

        public ResultWriter? Writer { get; } = target?.Open(dataset.Classes);
    }
}
