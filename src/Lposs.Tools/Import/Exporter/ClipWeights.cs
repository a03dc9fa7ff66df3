using Lposs.Tools.Import.Weights;

namespace Lposs.Tools.Import.Exporter;

/// <summary>
/// The tensors of a CLIP model in a file: under the names of OpenAI's and open_clip's programs, or under those of
/// Hugging Face's. Which it is shows by the names themselves.
/// </summary>
internal sealed class ClipWeights
{
    private readonly ClipNames _names;

    private ClipWeights(WeightSet weights, ClipNames names) => (Weights, _names) = (weights, names);

    public WeightSet Weights { get; }

    /// <summary>Tokens that the text encoder knows.</summary>
    public int VocabularySize => checked((int)Weights.ShapeOf(_names.TokenTable, 2)[0]);

    /// <summary>Finds out the naming.</summary>
    /// <exception cref="LpossException">It is that of no CLIP.</exception>
    public static ClipWeights Of(WeightSet weights) => new(weights, ClipNames.Of(weights));

    /// <summary>Patches, tokens and positions of the image encoder.</summary>
    public ClipImageHead TakeImageHead(int? heads)
    {
        var patches = PatchProjection.Take(Weights, _names.Patches, hasBias: false);
        return new ClipImageHead(
            patches,
            Weights.Take(_names.ClassToken, patches.Width),
            PositionTable.Take(Weights, _names.ImagePositions, patches.Width, hasBatch: false),
            EncoderWeights.Norm(Weights, _names.ImageNormBefore, patches.Width),
            EncoderWeights.Heads(Weights, patches.Width, heads, EncoderWeights.ClipImageHeadWidth(patches.Width)),
            EncoderWeights.CountLayers(Weights, _names.ImageBlock)
        );
    }

    /// <summary>The projection of the image encoder, and the normalisation before it.</summary>
    public (NormWeights Norm, LinearWeights Projection) TakeImageTail(int width) =>
        (
            EncoderWeights.Norm(Weights, _names.ImageNormAfter, width),
            _names.ProjectionsAreTurned
                ? EncoderWeights.Matrix(Weights, _names.ImageProjection, width)
                : EncoderWeights.Projection(Weights, _names.ImageProjection, width)
        );

    public BlockWeights TakeImageBlock(int index, int width) => _names.ImageBlock(index).Take(Weights, width);

    /// <summary>Token and position embeddings of the text encoder.</summary>
    public ClipTextHead TakeTextHead(int? heads)
    {
        int width = EncoderWeights.Width(Weights, _names.TokenTable, dimensions: 2, at: 1);
        long vocabulary = Weights.ShapeOf(_names.TokenTable, 2)[0];
        long context = Weights.ShapeOf(_names.TextPositions, 2)[0];
        return new ClipTextHead(
            Weights.Defer(_names.TokenTable, vocabulary, width),
            (int)vocabulary,
            Weights.Defer(_names.TextPositions, context, width),
            (int)context,
            width,
            EncoderWeights.Heads(Weights, width, heads),
            EncoderWeights.CountLayers(Weights, _names.TextBlock)
        );
    }

    public BlockWeights TakeTextBlock(int index, int width) => _names.TextBlock(index).Take(Weights, width);

    /// <summary>The projection of the text encoder, and the normalisation before it.</summary>
    public (NormWeights Norm, LinearWeights Projection) TakeTextTail(int width) =>
        (
            EncoderWeights.Norm(Weights, _names.TextNorm, width),
            _names.ProjectionsAreTurned
                ? EncoderWeights.Matrix(Weights, _names.TextProjection, width)
                : EncoderWeights.Projection(Weights, _names.TextProjection, width)
        );

    /// <summary>Called when both encoders were read: refuses tensors that CLIP does not have.</summary>
    public void RejectUnknown()
    {
        Weights.Ignore(ClipNames.IsBeside);
        Weights.RejectUnknown($"a CLIP of vision and text transformers under {_names.Title} names");
    }
}

/// <summary>What comes before the blocks of the image encoder.</summary>
internal sealed record ClipImageHead(
    PatchProjection Patches,
    float[] ClassToken,
    PositionTable Positions,
    NormWeights Norm,
    int Heads,
    int Layers
);

/// <summary>What comes before the blocks of the text encoder: tables [vocabulary, width] and [context,
/// width].</summary>
internal sealed record ClipTextHead(
    DeferredNumbers Tokens,
    int Vocabulary,
    DeferredNumbers Positions,
    int Context,
    int Width,
    int Heads,
    int Layers
);
