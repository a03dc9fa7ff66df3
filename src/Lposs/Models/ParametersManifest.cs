namespace Lposs.Models;

/// <summary>
/// Reads <see cref="PropagationParameters"/> from a manifest: objects and members are named as the option structs
/// of <c>lposs.h</c>, all of them optional.
/// </summary>
internal static class ParametersManifest
{
    public static PropagationParameters Read(JsonObjectReader? reader)
    {
        var paper = new PropagationParameters();
        if (reader is null)
            return paper;
        var parameters = new PropagationParameters
        {
            PatchGraph = ReadPatchGraph(reader.OptionalObject("patch_graph"), paper.PatchGraph),
            PixelGraph = ReadPixelGraph(reader.OptionalObject("pixel_graph"), paper.PixelGraph),
            PatchSolver = ReadSolver(reader.OptionalObject("patch_solver"), paper.PatchSolver),
            PixelSolver = ReadSolver(reader.OptionalObject("pixel_solver"), paper.PixelSolver),
        };
        reader.RefuseOthers();
        return parameters;
    }

    private static PatchGraphParameters ReadPatchGraph(JsonObjectReader? reader, PatchGraphParameters paper)
    {
        if (reader is null)
            return paper;
        var graph = new PatchGraphParameters
        {
            K = reader.OptionalInteger("k", 1, int.MaxValue) ?? paper.K,
            Gamma = reader.OptionalNumber("gamma", gamma => gamma > 0, "above 0") ?? paper.Gamma,
            Sigma = reader.OptionalNumber("sigma", sigma => sigma >= 0, "of 0 or more") ?? paper.Sigma,
            DistancePower = reader.OptionalNumber("distance_power", p => p > 0, "above 0") ?? paper.DistancePower,
            Centre = reader.OptionalFlag("centre") ?? paper.Centre,
        };
        reader.RefuseOthers();
        return graph;
    }

    private static PixelGraphParameters ReadPixelGraph(JsonObjectReader? reader, PixelGraphParameters paper)
    {
        if (reader is null)
            return paper;
        var graph = new PixelGraphParameters
        {
            Tau = reader.OptionalNumber("tau", tau => tau > 0, "above 0") ?? paper.Tau,
            Radius = reader.OptionalInteger("radius", 1, 15) ?? paper.Radius,
        };
        reader.RefuseOthers();
        return graph;
    }

    private static SolverParameters ReadSolver(JsonObjectReader? reader, SolverParameters paper)
    {
        if (reader is null)
            return paper;
        var solver = new SolverParameters
        {
            Alpha = reader.OptionalNumber("alpha", alpha => alpha is >= 0 and < 1, "of 0 or more and below 1") ?? paper.Alpha,
            Tolerance = reader.OptionalNumber("tolerance", tolerance => tolerance >= 0, "of 0 or more") ?? paper.Tolerance,
            MaxSteps = reader.OptionalInteger("max_steps", 1, 10_000) ?? paper.MaxSteps,
            SubtractClassMean = reader.OptionalFlag("subtract_class_mean") ?? paper.SubtractClassMean,
        };
        reader.RefuseOthers();
        return solver;
    }
}
