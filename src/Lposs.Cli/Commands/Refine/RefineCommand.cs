using System.CommandLine;
using Lposs.Cli.Files;
using Lposs.Cli.Options;
using Lposs.Cli.Output;

namespace Lposs.Cli.Commands.Refine;

/// <summary><c>lposs refine</c>: the pixel step on any model's scores or labels, one image.</summary>
internal sealed class RefineCommand : OneImageCommand
{
    private const int DefaultIgnore = 255;

    private readonly Option<string?> _scores = FileOption.Create(
        "--scores",
        "FILE.npy",
        "Scores to refine, [h, w, classes] floats, the larger the likelier; resized to the image if they have another "
            + "size."
    );

    private readonly Option<string?> _labels = FileOption.Create(
        "--labels",
        "FILE.png",
        "Coarse labels to refine instead of scores: an indexed or gray PNG whose values are the labels, or .npy [h, w]."
    );

    private readonly Option<int?> _ignore = NumberOption.Whole(
        "--ignore",
        "With --labels: pixels of this label say nothing and take what their neighbours say. "
            + $"[default: {DefaultIgnore}]",
        0,
        ushort.MaxValue
    );

    private readonly ChoiceOption<ScoresLayout?> _layout = new(
        "--layout",
        "With --scores: the order of their dimensions, [h, w, classes] or, as PyTorch gives them, [classes, h, w]; "
            + "auto: [h, w, classes], refused if only the other one fits the image.",
        "auto",
        ("auto", null),
        ("hwc", ScoresLayout.HeightWidthClasses),
        ("chw", ScoresLayout.ClassesHeightWidth)
    );

    public RefineCommand(CommandHost host)
        : base(
            host,
            "refine",
            "Sharpen the result of any segmentation model along the image's edges: the pixel step of LPOSS+ alone, "
                + "for what a dense CRF is used for. Give --scores or --labels.",
            hasPatchStep: false
        ) => TakesBesideImage(_scores, _layout, _labels, _ignore);

    /// <summary>The file with the scores or the labels: exactly one of them is given.</summary>
    protected override IEnumerable<string> Inputs(CommandCall call)
    {
        string? scores = call.Value(_scores),
            labels = call.Value(_labels);
        if (scores is null && labels is null)
            throw new UsageException("there is nothing to refine; give --scores or --labels");
        if (scores is not null && labels is not null)
            throw new UsageException("both --scores and --labels are given; give one of them");
        if (labels is null && call.Value(_ignore) is not null)
            throw new UsageException("--ignore is given with --scores; it is for --labels");
        return [scores ?? labels!];
    }

    protected override OneImageJob Read(CommandCall call, Image image, OneImageSettings settings)
    {
        int ignore = call.Value(_ignore) ?? DefaultIgnore;
        var refinement = new RefinementSettings
        {
            PixelGraph = settings.Parameters.PixelGraph,
            Solver = settings.Parameters.PixelSolver,
            Size = settings.Size,
            Layout = _layout.Read(call.Parse),
            WithScores = settings.WithScores,
            WithConfidence = settings.WithConfidence,
        };
        Func<StageTimes, PropagationResult> Opened(Func<Refiner, PropagationResult> refine) =>
            times =>
            {
                using var refiner = times.Measure("open", () => new Refiner(settings.Compute));
                return refine(refiner);
            };
        if (call.Value(_labels) is { } source)
        {
            var labels = ArrayInputs.ReadLabels(source, settings.Limits);
            SayIgnored(call, source, labels, ignore);
            int columns = labels.Labels.ToArray().Where(label => label != ignore).Distinct().Count();
            return new OneImageJob(
                columns,
                "classes",
                Opened(refiner => refiner.Refine(image, labels, ignore, refinement, call.CancellationToken))
            )
            {
                Source = source,
            };
        }
        source = call.Required(_scores)!;
        var scores = NpyFile.ReadSingle(source);
        return new OneImageJob(
            scores.Rank == 0 ? 1
                : refinement.Layout == ScoresLayout.ClassesHeightWidth ? scores.Shape[0]
                : scores.Shape[^1],
            "classes",
            Opened(refiner => refiner.Refine(image, scores, refinement, call.CancellationToken))
        )
        {
            Source = source,
        };
    }

    /// <summary>Says how much of the labels is left out where nobody asked for that.</summary>
    /// <exception cref="UsageException">They are a mask of 0 and 255, whose object would be left out.</exception>
    private void SayIgnored(CommandCall call, string source, LabelMap labels, int ignore)
    {
        if (call.Value(_ignore) is not null)
            return;
        var values = labels.Labels.Span;
        int ignored = values.Count((ushort)ignore);
        if (ignored == 0 || ignored == values.Length) // the core has a sentence for labels that are all ignored
            return;
        const string Advice = "--ignore 256 makes 255 a class like others, --ignore 255 leaves it out";
        if (values.Contains((ushort)0) && values.IndexOfAnyExcept((ushort)0, (ushort)ignore) < 0)
            throw new UsageException(
                $"'{source}' holds 0 and {ignore} alone, as a mask does whose object is {ignore}; {Advice}"
            );
        call.Output.Warn(
            FormattableString.Invariant(
                $"{100.0 * ignored / values.Length:0.##} % of '{source}' is {ignore}, which says no class here and "
            ) + $"takes what its neighbours say; {Advice}"
        );
    }
}
