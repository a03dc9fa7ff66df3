using Lposs.Tools.Import.Weights;

namespace Lposs.Tools.Import.Exporter;

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
    float[]? Scale2
);

/// <summary>What a publisher's program calls the tensors of one block; each of these has ".weight" and
/// ".bias".</summary>
/// <param name="Norm1">Before the attention.</param>
/// <param name="Attention">Query, key and value.</param>
/// <param name="Out">The attention's output projection.</param>
/// <param name="Norm2">Before the feed-forward part.</param>
/// <param name="Hidden">Its first layer.</param>
/// <param name="Back">Its second.</param>
/// <param name="Scale1">LayerScale of the attention, the tensor's whole name; null where the model has none.</param>
/// <param name="Scale2">LayerScale of the feed-forward part.</param>
internal sealed record BlockNames(
    string Norm1,
    AttentionNames Attention,
    string Out,
    string Norm2,
    string Hidden,
    string Back,
    string? Scale1 = null,
    string? Scale2 = null
)
{
    /// <summary>A block's tensors, in the order of the names.</summary>
    public BlockWeights Take(WeightSet weights, int width)
    {
        int hidden = checked((int)weights.ShapeOf($"{Hidden}.weight", 2)[0]);
        var norm1 = EncoderWeights.Norm(weights, Norm1, width);
        var (query, key, value) = Attention.Take(weights, width);
        return new BlockWeights(
            norm1,
            query,
            key,
            value,
            EncoderWeights.Linear(weights, Out, width, width),
            Scale1 is null ? null : weights.Take(Scale1, width),
            EncoderWeights.Norm(weights, Norm2, width),
            EncoderWeights.Linear(weights, Hidden, hidden, width),
            EncoderWeights.Linear(weights, Back, width, hidden),
            Scale2 is null ? null : weights.Take(Scale2, width)
        );
    }
}

/// <summary>What a publisher's program calls query, key and value.</summary>
internal abstract record AttentionNames
{
    /// <summary>The three projections, each [width, width].</summary>
    public abstract (LinearWeights Query, LinearWeights Key, LinearWeights Value) Take(WeightSet weights, int width);

    /// <summary>One tensor for the three, their rows in the order query, key, value.</summary>
    /// <param name="Weight">[3 width, width], its whole name.</param>
    /// <param name="Bias">[3 width], its whole name.</param>
    public sealed record Joined(string Weight, string Bias) : AttentionNames
    {
        public override (LinearWeights Query, LinearWeights Key, LinearWeights Value) Take(WeightSet weights, int width)
        {
            float[] bias = weights.Take(Bias, 3L * width);
            LinearWeights Part(int index) =>
                new(
                    EncoderWeights.Turned(
                        weights.DeferPart(Weight, index * width * width, width * width, 3L * width, width),
                        width,
                        width
                    ),
                    bias.AsSpan(index * width, width).ToArray(),
                    width,
                    width
                );
            return (Part(0), Part(1), Part(2));
        }
    }

    /// <summary>A tensor for each.</summary>
    public sealed record Apart(string Query, string Key, string Value) : AttentionNames
    {
        public override (LinearWeights Query, LinearWeights Key, LinearWeights Value) Take(
            WeightSet weights,
            int width
        ) =>
            (
                EncoderWeights.Linear(weights, Query, width, width),
                EncoderWeights.Linear(weights, Key, width, width),
                EncoderWeights.Linear(weights, Value, width, width)
            );
    }
}
