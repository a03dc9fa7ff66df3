using Lposs.Models;

namespace Lposs.Cli.Output;

/// <summary>The parameters that a run used, named as in <c>model.json</c>.</summary>
internal sealed record ParametersDocument(
    PatchGraphDocument PatchGraph, PixelGraphDocument PixelGraph, SolverDocument PatchSolver, SolverDocument PixelSolver)
{
    public static ParametersDocument Of(PropagationParameters parameters) => new(
        new PatchGraphDocument(
            parameters.PatchGraph.K,
            parameters.PatchGraph.Gamma,
            parameters.PatchGraph.Sigma,
            parameters.PatchGraph.DistancePower,
            parameters.PatchGraph.Centre),
        PixelGraphDocument.Of(parameters.PixelGraph),
        SolverDocument.Of(parameters.PatchSolver),
        SolverDocument.Of(parameters.PixelSolver));
}

internal sealed record PatchGraphDocument(int K, float Gamma, float Sigma, float DistancePower, bool Centre);

internal sealed record PixelGraphDocument(float Tau, int Radius)
{
    public static PixelGraphDocument Of(PixelGraphParameters graph) => new(graph.Tau, graph.Radius);
}

internal sealed record SolverDocument(float Alpha, float Tolerance, int MaxSteps, bool SubtractClassMean)
{
    public static SolverDocument Of(SolverParameters solver) =>
        new(solver.Alpha, solver.Tolerance, solver.MaxSteps, solver.SubtractClassMean);
}
