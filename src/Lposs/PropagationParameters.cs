namespace Lposs;

/// <summary>
/// Every number of LPOSS and LPOSS+ (Stojnić, Kalantidis, Matas, Tolias, CVPR 2025, arXiv 2503.19777), with the
/// paper's values as defaults. Symbols are the paper's; ranges are those of <c>lposs.h</c>, which checks them.
/// A model bundle may carry values of its own, since they belong to the features that its encoders give.
/// </summary>
public sealed record PropagationParameters
{
    /// <summary>The graph of patches that LPOSS propagates over.</summary>
    public PatchGraphParameters PatchGraph { get; init; } = new();

    /// <summary>The graph of pixels that LPOSS+ propagates over.</summary>
    public PixelGraphParameters PixelGraph { get; init; } = new();

    /// <summary>How the propagation over patches is solved.</summary>
    public SolverParameters PatchSolver { get; init; } = new();

    /// <summary>How the propagation over pixels is solved.</summary>
    public SolverParameters PixelSolver { get; init; } = new();
}

/// <summary>
/// The patch graph (paper, section 3.2): A_ij = max(&lt;f_i, f_j&gt;, 0)^gamma * exp(-sigma * dist_ij^p) for the k
/// nearest patches j of patch i by inner product of unit features; W = A + A^T with zero diagonal.
/// </summary>
public sealed record PatchGraphParameters
{
    /// <summary>k: neighbours of a patch, itself counted; 1 or more, all patches where there are fewer.</summary>
    public int K { get; init; } = (int)ParameterRange.K.Default;

    /// <summary>gamma: the power that sharpens the similarity of two patches; above 0.</summary>
    public float Gamma { get; init; } = (float)ParameterRange.Gamma.Default;

    /// <summary>sigma: how fast weights fall with distance, per pixel^p; 0 or more.</summary>
    public float Sigma { get; init; } = (float)ParameterRange.Sigma.Default;

    /// <summary>p: the power of the distance between patch centres, in pixels; above 0.</summary>
    public float DistancePower { get; init; } = (float)ParameterRange.DistancePower.Default;

    /// <summary>
    /// Whether the mean of the image's unit features is subtracted first and the rest made unit again. The paper
    /// does not; features that all share one large component need it.
    /// </summary>
    public bool Centre { get; init; }
}

/// <summary>
/// The pixel graph (paper, section 3.3): W_ij = exp(-|dLab| / tau) for the (2 radius + 1)^2 window around pixel i
/// without i itself; Lab is divided by (100, 128, 128).
/// </summary>
public sealed record PixelGraphParameters
{
    /// <summary>tau: the colour difference at which a weight falls to 1/e; above 0.</summary>
    public float Tau { get; init; } = (float)ParameterRange.Tau.Default;

    /// <summary>How far a pixel's neighbours reach, in pixels; 1 to 15.</summary>
    public int Radius { get; init; } = (int)ParameterRange.Radius.Default;
}

/// <summary>
/// The solve X = (I - alpha S)^-1 Y by conjugate gradients from zero. A column stops after
/// <see cref="MaxSteps"/> steps or as soon as |r| &lt;= <see cref="Tolerance"/> |y|.
/// </summary>
public sealed record SolverParameters
{
    /// <summary>alpha: how much a node takes from its neighbours; 0 or more, below 1.</summary>
    public float Alpha { get; init; } = (float)ParameterRange.Alpha.Default;

    /// <summary>The relative residual at which a column is done; 0 or more.</summary>
    public float Tolerance { get; init; } = (float)ParameterRange.Tolerance.Default;

    /// <summary>The most steps of a column; 1 to 10,000.</summary>
    public int MaxSteps { get; init; } = (int)ParameterRange.MaxSteps.Default;

    /// <summary>
    /// Whether each node's mean over the columns is subtracted from Y first: the part that all classes share
    /// converges slowest and decides nothing. The paper does not.
    /// </summary>
    public bool SubtractClassMean { get; init; }
}
