namespace Lposs.Towers;

/// <summary>y = W x + b.</summary>
/// <param name="Weight">W [outputs, inputs], row-major.</param>
/// <param name="Bias">b [outputs]; null where there is none.</param>
/// <param name="Outputs">Rows of W.</param>
/// <param name="Inputs">Columns of W.</param>
internal sealed record LinearWeights(float[] Weight, float[]? Bias, int Outputs, int Inputs);

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
