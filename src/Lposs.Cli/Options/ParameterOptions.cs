using System.CommandLine;
using System.Globalization;

namespace Lposs.Cli.Options;

/// <summary>
/// The method's numbers as options. One that is not given keeps its default: the paper's value, or that of the model,
/// since the numbers belong to its features. The solver's options hold for every solve of the run.
/// </summary>
internal sealed class ParameterOptions : OptionGroup
{
    private readonly Option<int?> _k,
        _radius,
        _steps;
    private readonly Option<float?> _gamma,
        _sigma,
        _distancePower,
        _tau,
        _alpha,
        _tolerance;
    private readonly Option<bool?> _centre,
        _subtractClassMean;

    private readonly bool _hasPatchStep;

    /// <param name="fromModel">Whether the defaults are the model's.</param>
    /// <param name="hasPatchStep">Whether there is a patch step.</param>
    public ParameterOptions(bool fromModel, bool hasPatchStep = true)
    {
        _hasPatchStep = hasPatchStep;
        var paper = new PropagationParameters();
        string Default(object value) =>
            fromModel
                ? string.Create(CultureInfo.InvariantCulture, $"[default: the model's; the paper's is {value}]")
                : string.Create(CultureInfo.InvariantCulture, $"[default: {value}]");
        _k = NumberOption.Whole(
            "--k",
            $"Patch graph: neighbours of a patch, itself counted. {Default(paper.PatchGraph.K)}",
            ParameterRange.K
        );
        _gamma = NumberOption.Real(
            "--gamma",
            $"Patch graph: the power that sharpens the similarity of two patches. {Default(paper.PatchGraph.Gamma)}",
            ParameterRange.Gamma
        );
        _sigma = NumberOption.Real(
            "--sigma",
            $"Patch graph: how fast weights fall with distance, per pixel^p. {Default(paper.PatchGraph.Sigma)}",
            ParameterRange.Sigma
        );
        _distancePower = NumberOption.Real(
            "--distance-power",
            $"Patch graph: p, the power of the distance in pixels. {Default(paper.PatchGraph.DistancePower)}",
            ParameterRange.DistancePower
        );
        _centre = FlagOption.Create(
            "--centre",
            $"Patch graph: subtract the image's mean feature first. {Default("false")}"
        );
        _tau = NumberOption.Real(
            "--tau",
            "Pixel graph: the colour difference (Lab divided by 100, 128, 128) at which a weight falls to 1/e. "
                + $"{Default(paper.PixelGraph.Tau)}",
            ParameterRange.Tau
        );
        _radius = NumberOption.Whole(
            "--radius",
            $"Pixel graph: how far a pixel's neighbours reach, in pixels. {Default(paper.PixelGraph.Radius)}",
            ParameterRange.Radius
        );
        _alpha = NumberOption.Real(
            "--alpha",
            $"Solver: how much a patch or pixel takes from its neighbours. {Default(paper.PatchSolver.Alpha)}",
            ParameterRange.Alpha
        );
        _steps = NumberOption.Whole(
            "--steps",
            $"Solver: the most steps of conjugate gradients. {Default(paper.PatchSolver.MaxSteps)}",
            ParameterRange.MaxSteps
        );
        _tolerance = NumberOption.Real(
            "--tolerance",
            $"Solver: the relative residual at which a class is done. {Default(paper.PatchSolver.Tolerance)}",
            ParameterRange.Tolerance
        );
        _subtractClassMean = FlagOption.Create(
            "--subtract-class-mean",
            "Solver: subtract each patch's or pixel's mean over the classes first; labels settle in fewer steps. "
                + $"{Default("false")}"
        );
    }

    /// <summary>All of them, or those of the pixel step: its graph and the solver.</summary>
    public override IReadOnlyList<CommandPart> Parts =>
        [
            .. _hasPatchStep ? (CommandPart[])[_k, _gamma, _sigma, _distancePower, _centre] : [],
            _tau,
            _radius,
            _alpha,
            _steps,
            _tolerance,
            _subtractClassMean,
        ];

    /// <summary>Whether the user said how far the solves are to go, and so wants to hear where one did not get
    /// there.</summary>
    public bool AskForConvergence(ParseResult parse) =>
        parse.GetValue(_tolerance) is not null || parse.GetValue(_steps) is not null;

    /// <summary>The defaults with what the command line says instead.</summary>
    public PropagationParameters Override(PropagationParameters defaults, ParseResult parse) =>
        new()
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

    private SolverParameters Override(SolverParameters defaults, ParseResult parse) =>
        defaults with
        {
            Alpha = parse.GetValue(_alpha) ?? defaults.Alpha,
            Tolerance = parse.GetValue(_tolerance) ?? defaults.Tolerance,
            MaxSteps = parse.GetValue(_steps) ?? defaults.MaxSteps,
            SubtractClassMean = parse.GetValue(_subtractClassMean) ?? defaults.SubtractClassMean,
        };
}
