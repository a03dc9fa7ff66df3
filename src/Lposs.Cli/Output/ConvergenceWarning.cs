using System.Globalization;

namespace Lposs.Cli.Output;

/// <summary>
/// Says which solves stopped before their tolerance. The paper's ten steps do so as a rule, but nothing is unconverged
/// in silence.
/// </summary>
internal static class ConvergenceWarning
{
    /// <summary>The sentence for a picture; null where all columns converged.</summary>
    public static string? Of(SolvesDocument solves)
    {
        string[] parts =
        [
            .. new[] { ("patch", solves.Patch), ("pixel", solves.Pixel) }
                .Where(solve => solve.Item2 is { } report && report.Converged < report.Columns)
                .Select(solve => Part(solve.Item1, solve.Item2!)),
        ];
        return parts.Length == 0 ? null : $"not converged: {string.Join("; ", parts)}; --steps allows more";
    }

    private static string Part(string name, SolveDocument solve) => string.Create(
        CultureInfo.InvariantCulture,
        $"the {name} solve stopped after {solve.Steps} steps for {solve.Columns - solve.Converged} of {solve.Columns} columns, relative residual up to {solve.LargestResidual:g2}");
}
