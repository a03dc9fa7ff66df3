using Lposs.Tools.Import.Exporter.Format;
using Lposs.Tools.Import.Weights;

namespace Lposs.Tools.Import.Exporter;

/// <summary>
/// The head of a vision transformer: windows to tokens. Declares the input <c>image</c> [batch, 3, height, width],
/// height and width multiples of the patch.
/// </summary>
/// <param name="Tokens">[B, 1 + registers + N, D].</param>
/// <param name="GridHeight">[1]: rows of patches.</param>
/// <param name="GridWidth">[1]: patches of a row.</param>
/// <param name="Others">Tokens before the patches: the class token, and registers.</param>
internal sealed record PatchEmbedding(Value Tokens, Value GridHeight, Value GridWidth, int Others)
{
    public const string ImageName = "image";

    /// <summary>Bicubic kernels: what PyTorch interpolates with, and what with antialias.</summary>
    private const float CubicCoefficient = -0.75f;

    private const float SmoothedCubicCoefficient = -0.5f;

    /// <summary>What DINO adds to a grid's side, against a rounding that cost a row.</summary>
    private const float FactorOffset = 0.1f;

    /// <summary>Adds the nodes.</summary>
    /// <param name="graph">Where to.</param>
    /// <param name="patches">The patches' projection.</param>
    /// <param name="classToken">[D].</param>
    /// <param name="registers">[count, D], which have no position; empty where the model has none.</param>
    /// <param name="positions">Of the class token and the patches.</param>
    /// <param name="resize">How they come to another grid.</param>
    public static PatchEmbedding Add(
        GraphBuilder graph,
        PatchProjection patches,
        float[] classToken,
        float[] registers,
        PositionTable positions,
        PositionResize resize
    )
    {
        int width = patches.Width;
        var image = graph.Input(ImageName, TensorProto.Types.DataType.Float, "batch", 3, "height", "width");
        var grid = Project(graph, patches, graph.ToNumbers("image.numbers", image));
        var batch = graph.Add(
            "Shape",
            "batch",
            [grid],
            GraphBuilder.Attribute("start", 0L),
            GraphBuilder.Attribute("end", 1L)
        );
        var gridHeight = graph.Add(
            "Shape",
            "grid.height",
            [grid],
            GraphBuilder.Attribute("start", 2L),
            GraphBuilder.Attribute("end", 3L)
        );
        var gridWidth = graph.Add(
            "Shape",
            "grid.width",
            [grid],
            GraphBuilder.Attribute("start", 3L),
            GraphBuilder.Attribute("end", 4L)
        );

        var rows = Rows(graph, "patches", grid, width);
        var placed = graph.Add(
            "Add",
            "patches.placed",
            [rows, Positions(graph, positions, width, gridHeight, gridWidth, resize)]
        );

        // The class token always has the same place, so its position is added here, once.
        float[] first = [.. classToken.Zip(positions.ClassToken, (token, position) => token + position), .. registers];
        int others = first.Length / width;
        var count = graph.Add(
            "Concat",
            "others.shape",
            [batch, graph.IntegerList("others.size", others, width)],
            GraphBuilder.Attribute("axis", 0L)
        );
        var expanded = graph.Add("Expand", "others", [graph.Weight("others.tokens", first, 1, others, width), count]);
        var tokens = graph.Add("Concat", "tokens", [expanded, placed], GraphBuilder.Attribute("axis", 1L));
        return new PatchEmbedding(tokens, gridHeight, gridWidth, others);
    }

    /// <summary>The patches among tokens [B, T, D]: [B, N, D].</summary>
    public Value Patches(GraphBuilder graph, string name, Value tokens) =>
        graph.Add(
            "Slice",
            name,
            [
                tokens,
                graph.IntegerList($"{name}.first", Others),
                graph.IntegerList($"{name}.end", long.MaxValue),
                graph.IntegerList($"{name}.axis", 1),
            ]
        );

    /// <summary>Declares the output: patches [B, N, D] as a grid [B, gh, gw, D].</summary>
    public void Output(GraphBuilder graph, string name, Value patches, int dimensions)
    {
        var shape = graph.Add(
            "Concat",
            $"{name}.shape",
            [
                graph.IntegerList($"{name}.batch", 0),
                GridHeight,
                GridWidth,
                graph.IntegerList($"{name}.dimensions", dimensions),
            ],
            GraphBuilder.Attribute("axis", 0L)
        );
        graph.Output(
            name,
            graph.Add("Reshape", $"{name}.grid", [patches, shape]),
            "batch",
            "rows",
            "columns",
            dimensions
        );
    }

    private static Value Project(GraphBuilder graph, PatchProjection patches, Value image)
    {
        long side = patches.PatchSize;
        var weight = graph.Weight("patches.weight", patches.Weight, patches.Width, 3, side, side);
        Value[] inputs = patches.Bias is null
            ? [image, weight]
            : [image, weight, graph.Weight("patches.bias", patches.Bias, patches.Width)];
        return graph.Add(
            "Conv",
            "patches.grid",
            inputs,
            GraphBuilder.Attribute("kernel_shape", side, side),
            GraphBuilder.Attribute("strides", side, side)
        );
    }

    /// <summary>[b, D, gh, gw] as [b, gh gw, D].</summary>
    private static Value Rows(GraphBuilder graph, string name, Value grid, int width)
    {
        var flat = graph.Add("Reshape", $"{name}.flat", [grid, graph.IntegerList($"{name}.flat.shape", 0, width, -1)]);
        return graph.Add("Transpose", name, [flat], GraphBuilder.Attribute("perm", 0L, 2, 1));
    }

    /// <summary>[1, N, D]; the table and its resize stay float32, whatever the graph computes with.</summary>
    private static Value Positions(
        GraphBuilder graph,
        PositionTable positions,
        int width,
        Value gridHeight,
        Value gridWidth,
        PositionResize resize
    )
    {
        int side = positions.Side;
        var table = graph.Floats(
            "positions.table",
            EncoderWeights.Turned(positions.Patches, side * side, width),
            1,
            width,
            side,
            side
        );
        var none = graph.Floats("positions.none", [], 0);
        AttributeProto[] attributes =
        [
            GraphBuilder.Attribute("mode", "cubic"),
            GraphBuilder.Attribute("coordinate_transformation_mode", "half_pixel"),
            GraphBuilder.Attribute(
                "cubic_coeff_a",
                resize == PositionResize.Smoothed ? SmoothedCubicCoefficient : CubicCoefficient
            ),
            GraphBuilder.Attribute("antialias", resize == PositionResize.Smoothed ? 1L : 0),
            GraphBuilder.Attribute("exclude_outside", resize == PositionResize.Smoothed ? 1L : 0),
        ];
        Value[] inputs =
            resize == PositionResize.ByOffsetFactor
                ? [table, none, Factors(graph, side, gridHeight, gridWidth)]
                :
                [
                    table,
                    none,
                    none,
                    graph.Add(
                        "Concat",
                        "positions.size",
                        [graph.IntegerList("positions.planes", 1, width), gridHeight, gridWidth],
                        GraphBuilder.Attribute("axis", 0L)
                    ),
                ];
        var resized = graph.Add("Resize", "positions.resized", inputs, attributes);
        return graph.ToNumbers("positions.numbers", Rows(graph, "positions", resized, width));
    }

    /// <summary>[4]: 1, 1, (gh + 0.1) / side, (gw + 0.1) / side; all 1 where the grid is the table's.</summary>
    private static Value Factors(GraphBuilder graph, int side, Value gridHeight, Value gridWidth)
    {
        var own = graph.IntegerList("positions.side", side);
        var isOwn = graph.Add(
            "And",
            "positions.own",
            [
                graph.Add("Equal", "positions.own.rows", [gridHeight, own]),
                graph.Add("Equal", "positions.own.columns", [gridWidth, own]),
            ]
        );
        var one = graph.Floats("positions.one", [1], 1);
        var sideNumber = graph.Floats("positions.side.number", [side], 1);
        var offset = graph.Floats("positions.offset", [FactorOffset], 1);
        Value Factor(string name, Value patches)
        {
            var number = graph.Cast($"{name}.number", patches, TensorProto.Types.DataType.Float);
            var factor = graph.Add(
                "Div",
                $"{name}.factor",
                [graph.Add("Add", $"{name}.offset", [number, offset]), sideNumber]
            );
            return graph.Add("Where", name, [isOwn, one, factor]);
        }
        return graph.Add(
            "Concat",
            "positions.factors",
            [
                one,
                graph.Floats("positions.one.too", [1], 1),
                Factor("positions.rows", gridHeight),
                Factor("positions.columns", gridWidth),
            ],
            GraphBuilder.Attribute("axis", 0L)
        );
    }
}

/// <summary>The convolution that makes tokens of patches.</summary>
/// <param name="Weight">[D, 3, patch, patch].</param>
/// <param name="Bias">[D]; null where there is none.</param>
/// <param name="Width">D.</param>
/// <param name="PatchSize">In pixels.</param>
internal sealed record PatchProjection(DeferredNumbers Weight, float[]? Bias, int Width, int PatchSize)
{
    private const int LargestPatch = 256;

    /// <summary>Reads it; the sizes follow from the weight.</summary>
    public static PatchProjection Take(WeightSet weights, string name, bool hasBias)
    {
        int width = EncoderWeights.Width(weights, $"{name}.weight", dimensions: 4, at: 0);
        long side = weights.ShapeOf($"{name}.weight", 4)[2];
        if (side is < 1 or > LargestPatch)
            throw new LpossException(
                LpossErrorCode.InvalidWeights,
                $"{weights.Source} has tensor '{name}.weight' for patches of {side} pixels; they may have 1 to "
                    + $"{LargestPatch}."
            );
        return new PatchProjection(
            weights.Defer($"{name}.weight", width, 3, side, side),
            hasBias ? weights.Take($"{name}.bias", width) : null,
            width,
            (int)side
        );
    }
}

/// <summary>Position embeddings of a class token and a square grid of patches.</summary>
/// <param name="ClassToken">[D].</param>
/// <param name="Patches">[side * side, D], row by row.</param>
/// <param name="Side">Patches of a row and of a column.</param>
internal sealed record PositionTable(float[] ClassToken, DeferredNumbers Patches, int Side)
{
    private const int MostRows = 1 << 20;

    /// <summary>Reads it, [1 + side * side, D], or with a dimension of 1 before.</summary>
    public static PositionTable Take(WeightSet weights, string name, int width, bool hasBatch)
    {
        long rows = weights.ShapeOf(name, hasBatch ? 3 : 2)[hasBatch ? 1 : 0];
        int side = rows is > 1 and <= MostRows ? (int)Math.Sqrt(rows - 1) : 0;
        if (side == 0 || (long)side * side != rows - 1)
            throw new LpossException(
                LpossErrorCode.InvalidWeights,
                $"{weights.Source} has tensor '{name}' with {rows} rows; it must have one for the class token and "
                    + "those of a square grid."
            );
        ReadOnlySpan<long> shape = hasBatch ? [1, rows, width] : [rows, width];
        return new PositionTable(
            weights.DeferPart(name, 0, width, shape).Read(),
            weights.DeferPart(name, width, checked(side * side * width), shape),
            side
        );
    }
}
