using Lposs.Bundles;

namespace Lposs.Cli.Commands.Models;

/// <summary>What <c>lposs models check --json</c> prints.</summary>
/// <param name="Command">"models check".</param>
/// <param name="Name">The bundle's.</param>
/// <param name="Folder">Where it is.</param>
/// <param name="Holds">Whether every encoder gives what it gave where the bundle was made.</param>
/// <param name="Outputs">Each encoder.</param>
internal sealed record ModelCheckDocument(
    string Command,
    string Name,
    string Folder,
    bool Holds,
    IReadOnlyList<CheckedOutputDocument> Outputs
)
{
    public static ModelCheckDocument Of(ModelBundle bundle, IReadOnlyList<SelfTestOutcome> outcomes) =>
        new(
            "models check",
            bundle.Name,
            bundle.Folder,
            outcomes.All(outcome => outcome.Holds),
            [.. outcomes.Select(CheckedOutputDocument.Of)]
        );
}

/// <param name="Encoder">"vlm", "vm" or "text".</param>
/// <param name="Numbers">How many were compared.</param>
/// <param name="RelativeL2">How far they are; left out where they are not finite.</param>
/// <param name="Tolerance">How far they may be.</param>
/// <param name="Holds">Whether they are that near.</param>
internal sealed record CheckedOutputDocument(
    string Encoder,
    int Numbers,
    double? RelativeL2,
    double Tolerance,
    bool Holds
)
{
    public static CheckedOutputDocument Of(SelfTestOutcome outcome) =>
        new(
            outcome.Output,
            outcome.Values,
            double.IsFinite(outcome.Distance) ? outcome.Distance : null,
            outcome.Tolerance,
            outcome.Holds
        );
}
