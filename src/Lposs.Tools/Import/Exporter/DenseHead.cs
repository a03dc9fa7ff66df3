using Lposs.Tools.Import.Exporter.Format;

namespace Lposs.Tools.Import.Exporter;

/// <summary>The last block of CLIP, or blocks, as <see cref="DenseVariant"/> says. Gives the patches alone, [B, N,
/// D].</summary>
internal sealed class DenseHead(TransformerGraph layers, PatchEmbedding embedding)
{
    /// <summary>Blocks that GEM accompanies: depth 7 of its program.</summary>
    public const int GemBlocks = 6;

    /// <summary>NACLIP's standard deviation, in patches.</summary>
    private const float NeighbourSigma = 5;

    private readonly GraphBuilder _graph = layers.Graph;

    /// <param name="variant">Which.</param>
    /// <param name="first">The index of the first of the blocks, for names.</param>
    /// <param name="x">Tokens before them.</param>
    /// <param name="blocks">The blocks: one, but for GEM.</param>
    public Value Add(DenseVariant variant, int first, Value x, BlockWeights[] blocks)
    {
        string name = $"blocks.{first}";
        return variant switch
        {
            DenseVariant.MaskClip => MaskClip(name, x, blocks[0]),
            DenseVariant.Sclip => Sclip(name, x, blocks[0]),
            DenseVariant.ClearClip => ClearClip(name, x, blocks[0]),
            DenseVariant.NaClip => NaClip(name, x, blocks[0]),
            DenseVariant.Gem => Gem(first, x, blocks),
            _ => throw new ArgumentOutOfRangeException(nameof(variant)),
        };
    }

    /// <summary>No token looks at another, so the class token is left out from the start.</summary>
    private Value MaskClip(string name, Value x, BlockWeights block)
    {
        var patches = embedding.Patches(_graph, $"{name}.patches", x);
        var u = layers.Norm($"{name}.norm1", patches, block.Norm1);
        var mixed = layers.Linear($"{name}.attn.out", layers.Linear($"{name}.attn.v", u, block.Value), block.Out);
        return layers.FeedForward(name, layers.Residual($"{name}.attn", patches, mixed, block.Scale1), block);
    }

    private Value Sclip(string name, Value x, BlockWeights block)
    {
        var (q, k, v) = layers.Project($"{name}.attn", layers.Norm($"{name}.norm1", x, block.Norm1), block);
        var scale = layers.Number($"{name}.attn.scale", layers.Scale);
        var both = _graph.Add(
            "Add",
            $"{name}.attn.weights",
            [layers.Attention($"{name}.attn.qq", q, q, scale), layers.Attention($"{name}.attn.kk", k, k, scale)]
        );
        var y = layers.Residual($"{name}.attn", x, layers.Mix($"{name}.attn", both, v, block), block.Scale1);
        return layers.FeedForward(name, embedding.Patches(_graph, $"{name}.patches", y), block);
    }

    private Value ClearClip(string name, Value x, BlockWeights block)
    {
        var u = layers.Norm($"{name}.norm1", x, block.Norm1);
        var q = layers.Split($"{name}.attn.q", layers.Linear($"{name}.attn.q", u, block.Query));
        var v = layers.Split($"{name}.attn.v", layers.Linear($"{name}.attn.v", u, block.Value));
        var weights = layers.Attention($"{name}.attn.weights", q, q, layers.Number($"{name}.attn.scale", layers.Scale));
        return embedding.Patches(_graph, $"{name}.patches", layers.Mix($"{name}.attn", weights, v, block));
    }

    private Value NaClip(string name, Value x, BlockWeights block)
    {
        var u = layers.Norm($"{name}.norm1", x, block.Norm1);
        var k = layers.Split($"{name}.attn.k", layers.Linear($"{name}.attn.k", u, block.Key));
        var v = layers.Split($"{name}.attn.v", layers.Linear($"{name}.attn.v", u, block.Value));
        var weights = layers.Attention(
            $"{name}.attn.weights",
            k,
            k,
            layers.Number($"{name}.attn.scale", layers.Scale),
            Neighbourhood($"{name}.near")
        );
        return embedding.Patches(_graph, $"{name}.patches", layers.Mix($"{name}.attn", weights, v, block));
    }

    /// <summary>w [T, T] = exp(-d^2 / (2 sigma^2)), d in patches; 0 in the class token's row and column.</summary>
    private Value Neighbourhood(string name)
    {
        var rows = Decay($"{name}.rows", embedding.GridHeight);
        var columns = Decay($"{name}.columns", embedding.GridWidth);
        // The exponential of a sum of squares is a product: [gh, 1, gh, 1] times [1, gw, 1, gw].
        var product = _graph.Add(
            "Mul",
            $"{name}.grid",
            [
                _graph.Add("Unsqueeze", $"{name}.rows.spread", [rows, _graph.IntegerList($"{name}.rows.axes", 1, 3)]),
                _graph.Add(
                    "Unsqueeze",
                    $"{name}.columns.spread",
                    [columns, _graph.IntegerList($"{name}.columns.axes", 0, 2)]
                ),
            ]
        );
        var count = _graph.Add("Mul", $"{name}.count", [embedding.GridHeight, embedding.GridWidth]);
        var square = _graph.Add(
            "Reshape",
            $"{name}.patches",
            [product, _graph.Add("Concat", $"{name}.shape", [count, count], GraphBuilder.Attribute("axis", 0L))]
        );
        var padded = _graph.Add(
            "Pad",
            $"{name}.tokens",
            [
                square,
                _graph.IntegerList($"{name}.pads", embedding.Others, embedding.Others, 0, 0),
                _graph.Floats($"{name}.zero", [0]),
            ]
        );
        return _graph.ToNumbers(name, padded);
    }

    /// <summary>exp(-(i - k)^2 / (2 sigma^2)) [count, count], float32.</summary>
    private Value Decay(string name, Value count)
    {
        var scalar = _graph.Add("Squeeze", $"{name}.count", [count]);
        var range = _graph.Cast(
            $"{name}.numbers",
            _graph.Add(
                "Range",
                $"{name}.range",
                [_graph.Integers($"{name}.zero", [0]), scalar, _graph.Integers($"{name}.step", [1])]
            ),
            TensorProto.Types.DataType.Float
        );
        var distance = _graph.Add(
            "Sub",
            $"{name}.distance",
            [
                _graph.Add("Unsqueeze", $"{name}.from", [range, _graph.IntegerList($"{name}.from.axis", 1)]),
                _graph.Add("Unsqueeze", $"{name}.to", [range, _graph.IntegerList($"{name}.to.axis", 0)]),
            ]
        );
        var square = _graph.Add("Mul", $"{name}.square", [distance, distance]);
        var exponent = _graph.Add(
            "Mul",
            $"{name}.exponent",
            [square, _graph.Floats($"{name}.slope", [-1 / (2 * NeighbourSigma * NeighbourSigma)])]
        );
        return _graph.Add("Exp", name, [exponent]);
    }

    /// <summary>The model's own stream goes on unchanged; GEM's takes from it and keeps its own residual.</summary>
    private Value Gem(int first, Value x, BlockWeights[] blocks)
    {
        var gem = x;
        for (int i = 0; i < blocks.Length; i++)
        {
            string name = $"blocks.{first + i}";
            var block = blocks[i];
            var u = layers.Norm($"{name}.norm1", x, block.Norm1);
            var (q, k, v) = layers.Project($"{name}.attn", u, block);
            gem = layers.Residual($"{name}.gem", gem, GemAttention($"{name}.gem", u, q, k, v, block), null);
            if (i + 1 == blocks.Length)
                break;
            var attention = layers.Attention(
                $"{name}.attn.weights",
                q,
                k,
                layers.Number($"{name}.attn.scale", layers.Scale)
            );
            var y = layers.Residual($"{name}.attn", x, layers.Mix($"{name}.attn", attention, v, block), block.Scale1);
            x = layers.FeedForward(name, y, block);
        }
        return embedding.Patches(_graph, "gem.patches", gem);
    }

    /// <summary>O of the mean of what q, k and v, each gathered by likeness to itself, make of v.</summary>
    private Value GemAttention(string name, Value u, Value q, Value k, Value v, BlockWeights block)
    {
        // The temperature: s times the mean length of the window's normalised tokens, [B, 1, 1, 1].
        var lengths = _graph.Add("ReduceL2", $"{name}.lengths", [u, _graph.IntegerList($"{name}.lengths.axis", -1)]);
        var mean = _graph.Add(
            "ReduceMean",
            $"{name}.length",
            [lengths, _graph.IntegerList($"{name}.length.axes", 1, 2)]
        );
        var scaled = _graph.Add("Mul", $"{name}.length.scaled", [mean, layers.Number($"{name}.scale", layers.Scale)]);
        var temperature = _graph.Add(
            "Reshape",
            $"{name}.temperature",
            [scaled, _graph.IntegerList($"{name}.temperature.shape", -1, 1, 1, 1)]
        );

        Value Gathered(string part, Value heads)
        {
            var unit = Unit($"{part}.unit", heads);
            var gathered = _graph.Add(
                "MatMul",
                $"{part}.gathered",
                [layers.Attention($"{part}.self", unit, unit, temperature), unit]
            );
            var again = Unit($"{part}.again", gathered);
            return layers.Attention($"{part}.weights", again, again, temperature);
        }
        var sum = _graph.Add(
            "Sum",
            $"{name}.weights.sum",
            [Gathered($"{name}.q", q), Gathered($"{name}.k", k), Gathered($"{name}.v", v)]
        );
        var weights = _graph.Add("Div", $"{name}.weights", [sum, layers.Number($"{name}.three", 3)]);
        return layers.Mix(name, weights, v, block);
    }

    private Value Unit(string name, Value heads)
    {
        var length = _graph.Add("ReduceL2", $"{name}.length", [heads, _graph.IntegerList($"{name}.axis", -1)]);
        return _graph.Add("Div", name, [heads, length]);
    }
}
