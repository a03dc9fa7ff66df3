using System.Globalization;

namespace Lposs.Cli.Output;

/// <summary>Every number of the method, for people; each is an option of the same name.</summary>
internal static class ParametersTable
{
    public static ResultTable Of(string title, PropagationParameters parameters)
    {
        var (patch, pixel) = (parameters.PatchGraph, parameters.PixelGraph);
        var (patchSolver, pixelSolver) = (parameters.PatchSolver, parameters.PixelSolver);
        return new ResultTable(title, "parameter", ">patch step", ">pixel step")
            .Add("k, neighbours", Text($"{patch.K}"), "")
            .Add("gamma", Text($"{patch.Gamma}"), "")
            .Add("sigma, per pixel^p", Text($"{patch.Sigma}"), "")
            .Add("distance-power p", Text($"{patch.DistancePower}"), "")
            .Add("centre", YesNo(patch.Centre), "")
            .Add("tau", "", Text($"{pixel.Tau}"))
            .Add("radius, pixels", "", Text($"{pixel.Radius}"))
            .Add("alpha", Text($"{patchSolver.Alpha}"), Text($"{pixelSolver.Alpha}"))
            .Add("steps", Text($"{patchSolver.MaxSteps}"), Text($"{pixelSolver.MaxSteps}"))
            .Add("tolerance", Text($"{patchSolver.Tolerance}"), Text($"{pixelSolver.Tolerance}"))
            .Add("subtract-class-mean", YesNo(patchSolver.SubtractClassMean), YesNo(pixelSolver.SubtractClassMean));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string YesNo(bool value) => value ? "yes" : "no";
}
