using Lposs.Cli.Output;
using Lposs.Tools.Evaluation;

namespace Lposs.Cli.Commands.Eval;

/// <summary>What <c>lposs eval --json</c> prints. Ratios lie from 0 to 1; one that is undefined is left out.</summary>
/// <param name="Command">"eval maps", "eval run" or "eval oracle".</param>
/// <param name="Images">How many were counted.</param>
/// <param name="Miou">The mean of the classes' intersections over unions, each summed over the set.</param>
/// <param name="BoundaryIou">The same of boundaries, 0.02 of the diagonal wide.</param>
/// <param name="PixelAccuracy">Pixels with the right label among those that count.</param>
/// <param name="Pixels">Pixels that count.</param>
/// <param name="Ignore">The true label that does not count.</param>
/// <param name="Classes">In the order of their labels.</param>
/// <param name="Variant">The mode, or the kind of oracle; left out where there is none.</param>
internal sealed record EvalDocument(
    string Command,
    long Images,
    double? Miou,
    double? BoundaryIou,
    double? PixelAccuracy,
    long Pixels,
    int Ignore,
    IReadOnlyList<EvalClassDocument> Classes,
    string? Variant = null
)
{
    public static EvalDocument Of(string command, Scores scores, IReadOnlyList<string> names, string? variant = null)
    {
        var iou = scores.Confusion.IntersectionOverUnion;
        var boundary = scores.Boundary.PerClass;
        return new EvalDocument(
            command,
            scores.Images,
            Defined(scores.Confusion.MeanIntersectionOverUnion),
            Defined(scores.Boundary.Mean),
            Defined(scores.Confusion.PixelAccuracy),
            scores.Confusion.PixelCount,
            scores.Confusion.Ignore,
            [
                .. names.Select(
                    (name, c) =>
                        new EvalClassDocument(
                            c,
                            name,
                            Defined(iou[c]),
                            Defined(boundary[c]),
                            Defined((double)scores.Confusion[c, c] / scores.Confusion.TruePixels(c)),
                            scores.Confusion.TruePixels(c)
                        )
                ),
            ],
            variant
        );
    }

    private static double? Defined(double ratio) => double.IsNaN(ratio) ? null : ratio;
}

/// <param name="Label">Its value in label maps.</param>
/// <param name="Name">Its name.</param>
/// <param name="Iou">Intersection over union; left out for a class that occurs nowhere.</param>
/// <param name="BoundaryIou">The same of its boundaries.</param>
/// <param name="Accuracy">Its pixels that were called so.</param>
/// <param name="Pixels">Pixels that are it.</param>
internal sealed record EvalClassDocument(
    int Label,
    string Name,
    double? Iou,
    double? BoundaryIou,
    double? Accuracy,
    long Pixels
);

/// <summary>What <c>lposs eval run --json</c> and <c>lposs eval oracle --json</c> print.</summary>
/// <param name="Command">"eval run" or "eval oracle".</param>
/// <param name="Dataset">The benchmark.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="Results">One for each variant.</param>
/// <param name="Model">What segmented the images; left out for the oracle.</param>
internal sealed record EvalDatasetDocument(
    string Command,
    string Dataset,
    string Folder,
    IReadOnlyList<EvalDocument> Results,
    UsedModelDocument? Model = null
);
