using Lposs.Weights;

namespace Lposs.Towers;

/// <summary>y = x M + b.</summary>
/// <param name="Matrix">M [inputs, outputs], row-major, as graphs want it.</param>
/// <param name="Bias">b [outputs]; null where there is none.</param>
/// <param name="Outputs">Columns of M.</param>
/// <param name="Inputs">Rows of M.</param>
internal sealed record LinearWeights(DeferredNumbers Matrix, float[]? Bias, int Outputs, int Inputs);

/// <summary>Layer normalisation: gain and shift, one of each per channel.</summary>
internal sealed record NormWeights(float[] Gain, float[] Shift);

/// <summary>
/// A pre-norm transformer block: attention, then the feed-forward part, each beside a residual. The scales are what
/// each branch is multiplied by per channel (LayerScale); null where there are none.
/// </summary>
internal sealed record BlockWeights(
    NormWeights Norm1,
    LinearWeights Query,
    LinearWeights Key,
    LinearWeights Value,
    LinearWeights Out,
    float[]? Scale1,
    NormWeights Norm2,
    LinearWeights Hidden,
    LinearWeights Back,
    float[]? Scale2);
