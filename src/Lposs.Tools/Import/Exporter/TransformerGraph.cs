namespace Lposs.Tools.Import.Exporter;

/// <summary>
/// The layers that vision and text transformers are made of, as nodes of a graph. B is the batch, T the tokens, D the
/// width; tokens are [B, T, D], and heads [B, heads, T, D / heads].
/// </summary>
/// <param name="graph">Where the nodes go.</param>
/// <param name="width">D.</param>
/// <param name="heads">A divisor of D.</param>
/// <param name="epsilon">Added to the variance in normalisations.</param>
/// <param name="activation">Of the feed-forward part.</param>
internal sealed class TransformerGraph(GraphBuilder graph, int width, int heads, float epsilon, Activation activation)
{
    private const float QuickGeluSlope = 1.702f;

    private Value? _splitShape;
    private Value? _joinShape;

    public GraphBuilder Graph => graph;

    /// <summary>s = 1 / sqrt(D / heads).</summary>
    public float Scale { get; } = (float)(1 / Math.Sqrt(width / heads));

    /// <summary>A number in the graph's precision.</summary>
    public Value Number(string name, float value) => graph.Weight(name, [value]);

    /// <summary>x M + b on the last dimension.</summary>
    public Value Linear(string name, Value x, LinearWeights weights)
    {
        var matrix = graph.Weight($"{name}.weight", weights.Matrix, weights.Inputs, weights.Outputs);
        if (weights.Bias is null)
            return graph.Add("MatMul", name, [x, matrix]);
        var product = graph.Add("MatMul", $"{name}.product", [x, matrix]);
        return graph.Add("Add", name, [product, graph.Weight($"{name}.bias", weights.Bias, weights.Outputs)]);
    }

    public Value Norm(string name, Value x, NormWeights weights) =>
        graph.Add(
            "LayerNormalization",
            name,
            [
                x,
                graph.Weight($"{name}.weight", weights.Gain, weights.Gain.Length),
                graph.Weight($"{name}.bias", weights.Shift, weights.Shift.Length),
            ],
            GraphBuilder.Attribute("axis", -1L),
            GraphBuilder.Attribute("epsilon", epsilon)
        );

    /// <summary>Tokens to heads.</summary>
    public Value Split(string name, Value x)
    {
        _splitShape ??= graph.IntegerList("heads.split", 0, 0, heads, width / heads);
        var parts = graph.Add("Reshape", $"{name}.parts", [x, _splitShape.Value]);
        return graph.Add("Transpose", $"{name}.heads", [parts], GraphBuilder.Attribute("perm", 0L, 2, 1, 3));
    }

    /// <summary>Heads to tokens.</summary>
    public Value Join(string name, Value x)
    {
        _joinShape ??= graph.IntegerList("heads.join", 0, 0, width);
        var parts = graph.Add("Transpose", $"{name}.parts", [x], GraphBuilder.Attribute("perm", 0L, 2, 1, 3));
        return graph.Add("Reshape", name, [parts, _joinShape.Value]);
    }

    /// <summary>softmax(scale a b' + bias) [B, heads, T, T]; the scale is a number or [B, 1, 1, 1].</summary>
    public Value Attention(string name, Value a, Value b, Value scale, Value? bias = null)
    {
        var turned = graph.Add("Transpose", $"{name}.turned", [b], GraphBuilder.Attribute("perm", 0L, 1, 3, 2));
        var scaled = graph.Add("Mul", $"{name}.scaled", [a, scale]);
        var scores = graph.Add("MatMul", $"{name}.scores", [scaled, turned]);
        if (bias is { } added)
            scores = graph.Add("Add", $"{name}.biased", [scores, added]);
        return graph.Add("Softmax", name, [scores], GraphBuilder.Attribute("axis", -1L));
    }

    /// <summary>Query, key and value of normalised tokens, as heads.</summary>
    public (Value Query, Value Key, Value Value) Project(string name, Value u, BlockWeights block) =>
        (
            Split($"{name}.q", Linear($"{name}.q", u, block.Query)),
            Split($"{name}.k", Linear($"{name}.k", u, block.Key)),
            Split($"{name}.v", Linear($"{name}.v", u, block.Value))
        );

    /// <summary>O(A v): heads weighted, joined and projected.</summary>
    public Value Mix(string name, Value attention, Value v, BlockWeights block)
    {
        var mixed = graph.Add("MatMul", $"{name}.mixed", [attention, v]);
        return Linear($"{name}.out", Join($"{name}.joined", mixed), block.Out);
    }

    /// <summary>x + FFN(norm2(x)).</summary>
    public Value FeedForward(string name, Value x, BlockWeights block)
    {
        var hidden = Linear($"{name}.mlp.fc1", Norm($"{name}.norm2", x, block.Norm2), block.Hidden);
        var back = Linear($"{name}.mlp.fc2", Activate($"{name}.mlp.act", hidden), block.Back);
        return Residual($"{name}.mlp", x, back, block.Scale2);
    }

    /// <summary>x + branch, the branch times the LayerScale where there is one.</summary>
    public Value Residual(string name, Value x, Value branch, float[]? scale)
    {
        if (scale is not null)
            branch = graph.Add(
                "Mul",
                $"{name}.scaled",
                [branch, graph.Weight($"{name}.layer_scale", scale, scale.Length)]
            );
        return graph.Add("Add", $"{name}.residual", [x, branch]);
    }

    /// <summary>A whole block; the bias is added to the scores of all heads.</summary>
    public Value Block(string name, Value x, BlockWeights block, Value? bias = null)
    {
        var u = Norm($"{name}.norm1", x, block.Norm1);
        var (q, k, v) = Project($"{name}.attn", u, block);
        var attention = Attention($"{name}.attn.weights", q, k, Number($"{name}.attn.scale", Scale), bias);
        var y = Residual($"{name}.attn", x, Mix($"{name}.attn", attention, v, block), block.Scale1);
        return FeedForward(name, y, block);
    }

    private Value Activate(string name, Value x) =>
        activation switch
        {
            Activation.Gelu => Gelu(name, x),
            Activation.QuickGelu => QuickGelu(name, x),
            _ => throw new InvalidOperationException($"{activation} is no activation."),
        };

    /// <summary>x (1 + erf(x / sqrt 2)) / 2, in the order of operations that runtimes know and fuse.</summary>
    private Value Gelu(string name, Value x)
    {
        var erf = graph.Add(
            "Erf",
            $"{name}.erf",
            [graph.Add("Div", $"{name}.in", [x, Number($"{name}.sqrt2", MathF.Sqrt(2))])]
        );
        var sum = graph.Add("Add", $"{name}.sum", [erf, Number($"{name}.one", 1)]);
        return graph.Add("Mul", name, [graph.Add("Mul", $"{name}.twice", [x, sum]), Number($"{name}.half", 0.5f)]);
    }

    private Value QuickGelu(string name, Value x)
    {
        var gate = graph.Add(
            "Sigmoid",
            $"{name}.gate",
            [graph.Add("Mul", $"{name}.in", [x, Number($"{name}.slope", QuickGeluSlope)])]
        );
        return graph.Add("Mul", name, [x, gate]);
    }
}
