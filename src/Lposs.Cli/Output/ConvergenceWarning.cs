using System.Globalization;

namespace Lposs.Cli.Output;

/// <summary>
/// Says which solves stopped before their tolerance. The paper's ten steps do so as a rule, but nothing is unconverged
/// in silence.
/// </summary>
internal static class ConvergenceWarning
{
    /// <summary>The sentence for a run over one image; null where all columns converged.</summary>
    /// <param name="solves">How the solves went.</param>
    /// <param name="columns">What a column of them is: "prompts" or "classes".</param>
    public static string? Of(SolvesDocument solves, string columns) => Of([solves], columns);

    /// <summary>The sentence for a run over any number of images, which tells of the worst one.</summary>
    public static string? Of(IReadOnlyList<SolvesDocument> images, string columns)
    {
        SolvesDocument[] unconverged =
        [
            .. images.Where(solves => Unconverged(solves).Any()).OrderByDescending(LargestResidual),
        ];
        if (unconverged.Length == 0)
            return null;
        string where = images.Count == 1 ? "" : $" on {unconverged.Length} of {images.Count} images, at worst";
        // A newcomer sees this on nearly every run, and should know that it is how the method is meant.
        bool isPaper = Unconverged(unconverged[0]).All(solve => solve.Solve.Steps == new SolverParameters().MaxSteps);
        string remedy = isPaper ? "the paper stops there too, --steps allows more" : "--steps allows more";
        return $"not converged{where}: "
            + string.Join("; ", Unconverged(unconverged[0]).Select(solve => Part(solve.Name, solve.Solve, columns)))
            + $"; {remedy}";
    }

    private static IEnumerable<(string Name, SolveDocument Solve)> Unconverged(SolvesDocument solves) =>
        new[] { ("patch", solves.Patch), ("pixel", solves.Pixel) }
            .Where(solve => solve.Item2 is { } report && report.Converged < report.Columns)
            .Select(solve => (solve.Item1, solve.Item2!));

    private static float LargestResidual(SolvesDocument solves) =>
        Unconverged(solves).Max(solve => solve.Solve.LargestResidual);

    private static string Part(string name, SolveDocument solve, string columns) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"the {name} solve stopped after {solve.Steps} steps for {solve.Columns - solve.Converged} of "
                + $"{solve.Columns} {columns}, relative residual up to {solve.LargestResidual:g2}"
        );
}
