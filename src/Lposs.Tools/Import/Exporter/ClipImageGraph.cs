namespace Lposs.Tools.Import.Exporter;

/// <summary>
/// CLIP's image encoder with a last block that keeps patches apart: windows [B, 3, h, w] in, patch features in the
/// space of the text out, [B, gh, gw, E], not of unit length.
/// </summary>
internal static class ClipImageGraph
{
    public const string OutputName = "features";

    /// <summary>torch.nn.LayerNorm's own; no CLIP changes it.</summary>
    public const float Epsilon = 1e-5f;

    /// <summary>Makes the graph.</summary>
    /// <param name="weights">The model.</param>
    /// <param name="variant">What its last block does.</param>
    /// <param name="activation">What it was trained with.</param>
    /// <param name="precision">Of the graph.</param>
    /// <param name="heads">Of the attention; null for those that published models of the width have.</param>
    /// <exception cref="LpossException">A tensor is missing or has another shape, or the model is too shallow for the
    /// variant.</exception>
    public static EncoderGraph Build(
        ClipWeights weights,
        DenseVariant variant,
        Activation activation,
        Precision precision,
        int? heads = null
    )
    {
        var head = weights.TakeImageHead(heads);
        int width = head.Patches.Width;
        var graph = new GraphBuilder("clip_image", precision);
        var layers = new TransformerGraph(graph, width, head.Heads, Epsilon, activation);
        var embedding = PatchEmbedding.Add(graph, head.Patches, head.ClassToken, [], head.Positions, ResizeOf(variant));
        var x = layers.Norm("norm_before", embedding.Tokens, head.Norm);

        int whole = head.Layers - DenseBlocks(variant);
        if (whole < 1)
            throw new LpossException(
                LpossErrorCode.InvalidWeights,
                $"{weights.Weights.Source} has {head.Layers} blocks; {variant} changes the last "
                    + $"{DenseBlocks(variant)} of more."
            );
        for (int i = 0; i < whole; i++)
            x = layers.Block($"blocks.{i}", x, weights.TakeImageBlock(i, width));

        BlockWeights[] last =
        [
            .. Enumerable.Range(whole, head.Layers - whole).Select(i => weights.TakeImageBlock(i, width)),
        ];
        var dense = new DenseHead(layers, embedding).Add(variant, whole, x, last);

        var (norm, projection) = weights.TakeImageTail(width);
        var features = layers.Linear("projection", layers.Norm("norm_after", dense, norm), projection);
        embedding.Output(graph, OutputName, features, projection.Outputs);
        return new EncoderGraph(
            graph.Finish(),
            PatchEmbedding.ImageName,
            OutputName,
            head.Patches.PatchSize,
            projection.Outputs,
            width,
            head.Layers
        );
    }

    private static int DenseBlocks(DenseVariant variant) => variant == DenseVariant.Gem ? DenseHead.GemBlocks : 1;

    /// <summary>Each method with the resize of its authors' program.</summary>
    private static PositionResize ResizeOf(DenseVariant variant) =>
        variant switch
        {
            DenseVariant.MaskClip => PositionResize.ToSize,
            DenseVariant.Sclip or DenseVariant.ClearClip or DenseVariant.NaClip => PositionResize.ByOffsetFactor,
            DenseVariant.Gem => PositionResize.Smoothed,
            _ => throw new ArgumentOutOfRangeException(nameof(variant)),
        };
}
