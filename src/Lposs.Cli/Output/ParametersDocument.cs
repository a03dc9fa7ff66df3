namespace Lposs.Cli.Output;

/// <summary>The parameters that a run used, named as in <c>model.json</c>.</summary>
internal sealed record ParametersDocument(
    PatchGraphDocument? PatchGraph,
    PixelGraphDocument PixelGraph,
    SolverDocument? PatchSolver,
    SolverDocument PixelSolver
)
{
    /// <param name="parameters">All of them.</param>
    /// <param name="hasPatchStep">Whether those of the patch step were used.</param>
    public static ParametersDocument Of(PropagationParameters parameters, bool hasPatchStep = true) =>
        new(
            hasPatchStep ? PatchGraphDocument.Of(parameters.PatchGraph) : null,
            PixelGraphDocument.Of(parameters.PixelGraph),
            hasPatchStep ? SolverDocument.Of(parameters.PatchSolver) : null,
            SolverDocument.Of(parameters.PixelSolver)
        );
}

internal sealed record PatchGraphDocument(int K, float Gamma, float Sigma, float DistancePower, bool Centre)
{
    public static PatchGraphDocument Of(PatchGraphParameters graph) =>
        new(graph.K, graph.Gamma, graph.Sigma, graph.DistancePower, graph.Centre);
}

internal sealed record PixelGraphDocument(float Tau, int Radius)
{
    public static PixelGraphDocument Of(PixelGraphParameters graph) => new(graph.Tau, graph.Radius);
}

internal sealed record SolverDocument(float Alpha, float Tolerance, int MaxSteps, bool SubtractClassMean)
{
    public static SolverDocument Of(SolverParameters solver) =>
        new(solver.Alpha, solver.Tolerance, solver.MaxSteps, solver.SubtractClassMean);
}
