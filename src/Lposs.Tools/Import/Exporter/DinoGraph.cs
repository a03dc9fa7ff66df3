using Lposs.Tools.Import.Weights;

namespace Lposs.Tools.Import.Exporter;

/// <summary>
/// DINO or DINOv2 up to the queries, keys or values of its last block: windows [B, 3, h, w] in, patch features [B, gh,
/// gw, D] out, heads side by side, not of unit length. What comes after is read, for its shapes, and left out.
/// </summary>
internal static class DinoGraph
{
    public const string OutputName = "features";

    /// <summary>That of the published programs, whatever configuration files of copies say.</summary>
    private const float Epsilon = 1e-6f;

    /// <summary>Makes the graph and refuses tensors that the model does not have.</summary>
    /// <exception cref="LpossException">The file is of another model, or a tensor is missing, has another shape or is
    /// one too many.</exception>
    public static EncoderGraph Build(WeightSet weights, DinoFeature feature, Precision precision)
    {
        var names = DinoNames.Of(weights);
        var patches = PatchProjection.Take(weights, names.Patches, hasBias: true);
        int width = patches.Width;
        float[] classToken = weights.Take(names.ClassToken, 1, 1, width);
        float[] registers = weights.Has(names.Registers)
            ? weights.Take(names.Registers, 1, weights.ShapeOf(names.Registers, 3)[1], width)
            : [];
        var positions = PositionTable.Take(weights, names.Positions, width, hasBatch: true);
        var resize = registers.Length > 0 ? PositionResize.Smoothed : PositionResize.ByOffsetFactor;

        var graph = new GraphBuilder(names.IsSecond ? "dinov2" : "dino", precision);
        var layers = new TransformerGraph(graph, width, EncoderWeights.Heads(weights, width), Epsilon, Activation.Gelu);
        var embedding = PatchEmbedding.Add(graph, patches, classToken, registers, positions, resize);
        int count = EncoderWeights.CountLayers(weights, names.Block);
        var x = embedding.Tokens;
        for (int i = 0; i < count - 1; i++)
            x = layers.Block($"blocks.{i}", x, names.Block(i).Take(weights, width));

        var last = names.Block(count - 1).Take(weights, width);
        EncoderWeights.Norm(weights, names.Norm, width);
        weights.Ignore(names.IsBeside);
        weights.RejectUnknown($"a {names.Title} with {count} blocks");

        string name = $"blocks.{count - 1}";
        var rows = embedding.Patches(graph, $"{name}.patches", x);
        var u = layers.Norm($"{name}.norm1", rows, last.Norm1);
        var features = feature switch
        {
            DinoFeature.Query => layers.Linear($"{name}.attn.q", u, last.Query),
            DinoFeature.Key => layers.Linear($"{name}.attn.k", u, last.Key),
            DinoFeature.Value => layers.Linear($"{name}.attn.v", u, last.Value),
            _ => throw new ArgumentOutOfRangeException(nameof(feature)),
        };
        embedding.Output(graph, OutputName, features, width);
        return new EncoderGraph(
            graph.Finish(),
            PatchEmbedding.ImageName,
            OutputName,
            patches.PatchSize,
            width,
            width,
            count
        );
    }
}
