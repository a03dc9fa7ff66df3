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

    public RefineCommand(CommandHost host)
        : base(
            host,
            "refine",
            "Sharpen the result of any segmentation model along the image's edges: the pixel step of LPOSS+ alone, "
                + "for what a dense CRF is used for. Give --scores or --labels.",
            hasPatchStep: false
        ) => TakesBesideImage(_scores, _labels, _ignore);

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
            scores.Rank == 0 ? 1 : scores.Shape[^1],
            "classes",
            Opened(refiner => refiner.Refine(image, scores, refinement, call.CancellationToken))
        )
        {
            Source = source,
        };
    }
}
