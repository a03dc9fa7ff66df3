using Lposs.Json;

namespace Lposs.Bundles;

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
        reader.RejectUnknown();
        return parameters;
    }

    private static PatchGraphParameters ReadPatchGraph(JsonObjectReader? reader, PatchGraphParameters paper)
    {
        if (reader is null)
            return paper;
        var graph = new PatchGraphParameters
        {
            K = reader.OptionalInteger("k", ParameterRange.K) ?? paper.K,
            Gamma = reader.OptionalNumber("gamma", ParameterRange.Gamma) ?? paper.Gamma,
            Sigma = reader.OptionalNumber("sigma", ParameterRange.Sigma) ?? paper.Sigma,
            DistancePower =
                reader.OptionalNumber("distance_power", ParameterRange.DistancePower) ?? paper.DistancePower,
            Centre = reader.OptionalFlag("centre") ?? paper.Centre,
        };
        reader.RejectUnknown();
        return graph;
    }

    private static PixelGraphParameters ReadPixelGraph(JsonObjectReader? reader, PixelGraphParameters paper)
    {
        if (reader is null)
            return paper;
        var graph = new PixelGraphParameters
        {
            Tau = reader.OptionalNumber("tau", ParameterRange.Tau) ?? paper.Tau,
            Radius = reader.OptionalInteger("radius", ParameterRange.Radius) ?? paper.Radius,
        };
        reader.RejectUnknown();
        return graph;
    }

    private static SolverParameters ReadSolver(JsonObjectReader? reader, SolverParameters paper)
    {
        if (reader is null)
            return paper;
        var solver = new SolverParameters
        {
            Alpha = reader.OptionalNumber("alpha", ParameterRange.Alpha) ?? paper.Alpha,
            Tolerance = reader.OptionalNumber("tolerance", ParameterRange.Tolerance) ?? paper.Tolerance,
            MaxSteps = reader.OptionalInteger("max_steps", ParameterRange.MaxSteps) ?? paper.MaxSteps,
            SubtractClassMean = reader.OptionalFlag("subtract_class_mean") ?? paper.SubtractClassMean,
        };
        reader.RejectUnknown();
        return solver;
    }
}
