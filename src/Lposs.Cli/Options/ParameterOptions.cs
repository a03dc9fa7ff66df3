using System.CommandLine;
using System.Globalization;
using Lposs.Models;

namespace Lposs.Cli.Options;

/// <summary>
/// The method's numbers as options. One that is not given keeps its default: the paper's value, or that of the model,
/// since the numbers belong to its features. The solver's options hold for every solve of the run.
/// </summary>
internal sealed class ParameterOptions
{
    private readonly Option<int?> _k, _radius, _steps;
    private readonly Option<float?> _gamma, _sigma, _distancePower, _tau, _alpha, _tolerance;
    private readonly Option<bool?> _centre, _subtractClassMean;

    /// <param name="fromModel">Whether the defaults are the model's.</param>
    public ParameterOptions(bool fromModel)
    {
        var paper = new PropagationParameters();
        string Default(object value) => fromModel
            ? string.Create(CultureInfo.InvariantCulture, $"[default: the model's; the paper's is {value}]")
            : string.Create(CultureInfo.InvariantCulture, $"[default: {value}]");
        _k = NumberOption.Whole("--k", $"Patch graph: neighbours of a patch, itself counted. {Default(paper.PatchGraph.K)}", 1);
        _gamma = NumberOption.Real(
            "--gamma", $"Patch graph: the power that sharpens the similarity of two patches. {Default(paper.PatchGraph.Gamma)}",
            "above 0", gamma => gamma > 0);
        _sigma = NumberOption.Real(
            "--sigma", $"Patch graph: how fast weights fall with distance, per pixel^p. {Default(paper.PatchGraph.Sigma)}",
            "of 0 or more", sigma => sigma >= 0);
        _distancePower = NumberOption.Real(
            "--distance-power", $"Patch graph: p, the power of the distance in pixels. {Default(paper.PatchGraph.DistancePower)}",
            "above 0", p => p > 0);
        _centre = FlagOption.Create(
            "--centre", $"Patch graph: subtract the picture's mean feature first. {Default("false")}");
        _tau = NumberOption.Real(
            "--tau", $"Pixel graph: the colour difference (Lab divided by 100, 128, 128) at which a weight falls to 1/e. {Default(paper.PixelGraph.Tau)}",
            "above 0", tau => tau > 0);
        _radius = NumberOption.Whole(
            "--radius", $"Pixel graph: how far a pixel's neighbours reach, in pixels. {Default(paper.PixelGraph.Radius)}", 1, 15);
        _alpha = NumberOption.Real(
            "--alpha", $"Solver: how much a patch or pixel takes from its neighbours. {Default(paper.PatchSolver.Alpha)}",
            "of 0 or more and below 1", alpha => alpha is >= 0 and < 1);
        _steps = NumberOption.Whole("--steps", $"Solver: the most steps of conjugate gradients. {Default(paper.PatchSolver.MaxSteps)}", 1, 10_000);
        _tolerance = NumberOption.Real(
            "--tolerance", $"Solver: the relative residual at which a class is done. {Default(paper.PatchSolver.Tolerance)}",
            "of 0 or more", tolerance => tolerance >= 0);
        _subtractClassMean = FlagOption.Create(
            "--subtract-class-mean", $"Solver: subtract each patch's or pixel's mean over the classes first; labels settle in fewer steps. {Default("false")}");
    }

    /// <summary>Adds the options of the pixel step: its graph and the solver.</summary>
    public void AddPixelStepTo(Command command) => Add(command, _tau, _radius, _alpha, _steps, _tolerance, _subtractClassMean);

    /// <summary>Adds all of them.</summary>
    public void AddTo(Command command)
    {
        Add(command, _k, _gamma, _sigma, _distancePower, _centre);
        AddPixelStepTo(command);
    }

    /// <summary>The defaults with what the command line says instead.</summary>
    public PropagationParameters Override(PropagationParameters defaults, ParseResult parse) => new()
    {
        PatchGraph = defaults.PatchGraph with
        {
            K = parse.GetValue(_k) ?? defaults.PatchGraph.K,
            Gamma = parse.GetValue(_gamma) ?? defaults.PatchGraph.Gamma,
            Sigma = parse.GetValue(_sigma) ?? defaults.PatchGraph.Sigma,
            DistancePower = parse.GetValue(_distancePower) ?? defaults.PatchGraph.DistancePower,
            Centre = parse.GetValue(_centre) ?? defaults.PatchGraph.Centre,
        },
        PixelGraph = defaults.PixelGraph with
        {
            Tau = parse.GetValue(_tau) ?? defaults.PixelGraph.Tau,
            Radius = parse.GetValue(_radius) ?? defaults.PixelGraph.Radius,
        },
        PatchSolver = Override(defaults.PatchSolver, parse),
        PixelSolver = Override(defaults.PixelSolver, parse),
    };

    private SolverParameters Override(SolverParameters defaults, ParseResult parse) => defaults with
    {
        Alpha = parse.GetValue(_alpha) ?? defaults.Alpha,
        Tolerance = parse.GetValue(_tolerance) ?? defaults.Tolerance,
        MaxSteps = parse.GetValue(_steps) ?? defaults.MaxSteps,
        SubtractClassMean = parse.GetValue(_subtractClassMean) ?? defaults.SubtractClassMean,
    };

    private static void Add(Command command, params Option[] options)
    {
        foreach (var option in options)
            command.Add(option);
    }
}
