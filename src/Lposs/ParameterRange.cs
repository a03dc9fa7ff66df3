using System.Globalization;

namespace Lposs;

/// <summary>
/// What a number of <see cref="PropagationParameters"/> may be, and its default, which is the paper's. The core has the
/// same table and checks every call by it.
/// </summary>
public sealed record ParameterRange
{
    private ParameterRange(string name, double standard)
    {
        Name = name;
        Default = standard;
    }

    /// <summary>As the core calls it: <c>patch_graph.k</c>.</summary>
    public string Name { get; }

    /// <summary>The paper's value.</summary>
    public double Default { get; }

    /// <summary>The least it may be; <see cref="double.NegativeInfinity"/> for no bound.</summary>
    public double Minimum { get; private init; } = double.NegativeInfinity;

    /// <summary>The most it may be; <see cref="double.PositiveInfinity"/> for no bound.</summary>
    public double Maximum { get; private init; } = double.PositiveInfinity;

    /// <summary>Whether it must be above <see cref="Minimum"/>.</summary>
    public bool ExcludesMinimum { get; private init; }

    /// <summary>Whether it must be below <see cref="Maximum"/>.</summary>
    public bool ExcludesMaximum { get; private init; }

    /// <summary>Range of <see cref="PatchGraphParameters.K"/>.</summary>
    public static ParameterRange K { get; } = new("patch_graph.k", 400) { Minimum = 1 };

    /// <summary>Range of <see cref="PatchGraphParameters.Gamma"/>.</summary>
    public static ParameterRange Gamma { get; } = new("patch_graph.gamma", 3) { Minimum = 0, ExcludesMinimum = true };

    /// <summary>Range of <see cref="PatchGraphParameters.Sigma"/>.</summary>
    public static ParameterRange Sigma { get; } = new("patch_graph.sigma", 0.01) { Minimum = 0 };

    /// <summary>Range of <see cref="PatchGraphParameters.DistancePower"/>.</summary>
    public static ParameterRange DistancePower { get; } =
        new("patch_graph.distance_power", 1) { Minimum = 0, ExcludesMinimum = true };

    /// <summary>Range of <see cref="PixelGraphParameters.Tau"/>.</summary>
    public static ParameterRange Tau { get; } = new("pixel_graph.tau", 0.01) { Minimum = 0, ExcludesMinimum = true };

    /// <summary>Range of <see cref="PixelGraphParameters.Radius"/>.</summary>
    public static ParameterRange Radius { get; } = new("pixel_graph.radius", 6) { Minimum = 1, Maximum = 15 };

    /// <summary>Range of <see cref="SolverParameters.Alpha"/>.</summary>
    public static ParameterRange Alpha { get; } =
        new("solver.alpha", 0.95)
        {
            Minimum = 0,
            Maximum = 1,
            ExcludesMaximum = true,
        };

    /// <summary>Range of <see cref="SolverParameters.Tolerance"/>.</summary>
    public static ParameterRange Tolerance { get; } = new("solver.tolerance", 1e-6) { Minimum = 0 };

    /// <summary>Range of <see cref="SolverParameters.MaxSteps"/>.</summary>
    public static ParameterRange MaxSteps { get; } = new("solver.max_steps", 10) { Minimum = 1, Maximum = 10_000 };

    /// <summary>All of them, in the order of the core's.</summary>
    public static IReadOnlyList<ParameterRange> All { get; } =
    [K, Gamma, Sigma, DistancePower, Tau, Radius, Alpha, Tolerance, MaxSteps];

    /// <summary>Whether the number may be taken; never NaN or infinity.</summary>
    public bool Contains(double value) =>
        double.IsFinite(value)
        && (ExcludesMinimum ? value > Minimum : value >= Minimum)
        && (ExcludesMaximum ? value < Maximum : value <= Maximum);

    /// <summary>As it stands behind "a number": "above 0", "of 0 or more and below 1", "from 1 to 15".</summary>
    public override string ToString()
    {
        if (ExcludesMaximum)
            return string.Create(CultureInfo.InvariantCulture, $"of {Minimum} or more and below {Maximum}");
        if (double.IsFinite(Maximum))
            return string.Create(CultureInfo.InvariantCulture, $"from {Minimum} to {Maximum}");
        return ExcludesMinimum
            ? string.Create(CultureInfo.InvariantCulture, $"above {Minimum}")
            : string.Create(CultureInfo.InvariantCulture, $"of {Minimum} or more");
    }
}
