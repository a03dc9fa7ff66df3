namespace Lposs.Interop;

/// <summary>The method's parameters as the library takes them.</summary>
internal static unsafe class NativeParameters
{
    public static NativePatchGraphOptions From(PatchGraphParameters parameters)
    {
        NativePatchGraphOptions options;
        NativeMethods.PatchGraphOptionsInit(&options);
        options.K = parameters.K;
        options.Gamma = parameters.Gamma;
        options.Sigma = parameters.Sigma;
        options.DistancePower = parameters.DistancePower;
        options.Centre = parameters.Centre ? 1 : 0;
        return options;
    }

    public static NativePixelGraphOptions From(PixelGraphParameters parameters)
    {
        NativePixelGraphOptions options;
        NativeMethods.PixelGraphOptionsInit(&options);
        options.Tau = parameters.Tau;
        options.Radius = parameters.Radius;
        return options;
    }

    public static NativeSolverOptions From(SolverParameters parameters)
    {
        NativeSolverOptions options;
        NativeMethods.SolverOptionsInit(&options);
        options.Alpha = parameters.Alpha;
        options.Tolerance = parameters.Tolerance;
        options.MaxSteps = parameters.MaxSteps;
        options.SubtractClassMean = parameters.SubtractClassMean ? 1 : 0;
        return options;
    }

    public static NativeSegmentOptions From(SegmentationMode mode, PropagationParameters parameters)
    {
        NativeSegmentOptions options;
        NativeMethods.SegmentOptionsInit(&options);
        options.Mode = mode;
        options.PatchGraph = From(parameters.PatchGraph);
        options.PixelGraph = From(parameters.PixelGraph);
        options.PatchSolver = From(parameters.PatchSolver);
        options.PixelSolver = From(parameters.PixelSolver);
        return options;
    }

    public static NativeRefineOptions From(PixelGraphParameters graph, SolverParameters solver)
    {
        NativeRefineOptions options;
        NativeMethods.RefineOptionsInit(&options);
        options.Graph = From(graph);
        options.Solver = From(solver);
        return options;
    }
}
