using Lposs.Tools.Import.Exporter.Format;

namespace Lposs.Tools.Import.Exporter;

/// <summary>
/// CLIP's text encoder: token ids [P, context] int64 in, embeddings [P, E] out, not of unit length. A text's embedding
/// is taken at its end token, the largest id, at its first occurrence. Tokens after the last end of the batch cannot
/// change anything, since each looks at those before it alone; they are cut off, which makes short prompts several
/// times faster.
/// </summary>
internal static class ClipTextGraph
{
    public const string InputName = "ids";
    public const string OutputName = "embeddings";

    /// <summary>
    /// Takes the weight of later tokens to exactly 0, as -infinity does, and is a float16: no score is above -30000
    /// plus 100 of another.
    /// </summary>
    private const float Hidden = -30_000;

    /// <summary>Makes the graph.</summary>
    /// <param name="weights">The model.</param>
    /// <param name="activation">What it was trained with.</param>
    /// <param name="precision">Of the graph.</param>
    /// <param name="heads">Of the attention; null for heads of 64, which published models have.</param>
    /// <exception cref="LpossException">A tensor is missing or has another shape.</exception>
    public static EncoderGraph Build(ClipWeights weights, Activation activation, Precision precision, int? heads = null)
    {
        var head = weights.TakeTextHead(heads);
        var graph = new GraphBuilder("clip_text", precision);
        var layers = new TransformerGraph(graph, head.Width, head.Heads, ClipImageGraph.Epsilon, activation);
        var ids = graph.Input(InputName, TensorProto.Types.DataType.Int64, "prompts", head.Context);

        // ArgMax reads 32-bit numbers in more runtimes than 64-bit ones; the first of several largest is the default.
        var ends = graph.Add(
            "ArgMax",
            "ends",
            [graph.Cast("ids.small", ids, TensorProto.Types.DataType.Int32)],
            GraphBuilder.Attribute("axis", 1L),
            GraphBuilder.Attribute("keepdims", 1L)
        );
        var lastEnd = graph.Add("ReduceMax", "ends.last", [ends], GraphBuilder.Attribute("keepdims", 0L));
        var length = graph.Add(
            "Reshape",
            "length",
            [
                graph.Add("Add", "length.number", [lastEnd, graph.Integers("length.one", [1])]),
                graph.IntegerList("length.shape", 1),
            ]
        );

        var read = Cut(graph, "ids.read", ids, length, 1);
        var words = graph.Add(
            "Gather",
            "words",
            [graph.Weight("words.table", head.Tokens, head.Vocabulary, head.Width), read]
        );
        var places = Cut(
            graph,
            "places",
            graph.Weight("places.table", head.Positions, head.Context, head.Width),
            length,
            0
        );
        var x = graph.Add("Add", "tokens", [words, places]);
        var mask = Cut(graph, "mask", Cut(graph, "mask.rows", Mask(graph, head.Context), length, 0), length, 1);
        for (int i = 0; i < head.Layers; i++)
            x = layers.Block($"blocks.{i}", x, weights.TakeTextBlock(i, head.Width), mask);

        var (norm, projection) = weights.TakeTextTail(head.Width);
        var atEnd = graph.Add("GatherND", "end", [x, ends], GraphBuilder.Attribute("batch_dims", 1L));
        var embeddings = layers.Linear("projection", layers.Norm("norm_after", atEnd, norm), projection);
        graph.Output(OutputName, embeddings, "prompts", projection.Outputs);
        return new EncoderGraph(
            graph.Finish(),
            InputName,
            OutputName,
            head.Context,
            projection.Outputs,
            head.Width,
            head.Layers
        );
    }

    /// <summary>The first <paramref name="length"/> along an axis.</summary>
    private static Value Cut(GraphBuilder graph, string name, Value value, Value length, long axis) =>
        graph.Add(
            "Slice",
            name,
            [value, graph.IntegerList($"{name}.first", 0), length, graph.IntegerList($"{name}.axis", axis)]
        );

    /// <summary>[context, context]: added to the scores, so that token t looks at 0 to t alone.</summary>
    private static Value Mask(GraphBuilder graph, int context)
    {
        float[] mask = new float[context * context];
        for (int row = 0; row < context; row++)
            mask.AsSpan(row * context + row + 1, context - row - 1).Fill(Hidden);
        return graph.Weight("mask.table", mask, context, context);
    }
}
