using Lposs.Tools.Import.Weights;

namespace Lposs.Tools.Import.Exporter;

/// <summary>Reading of what all encoders have.</summary>
internal static class EncoderWeights
{
    /// <summary>The width of a head where nothing else is known: that of all published models but the largest of
    /// CLIP.</summary>
    private const int HeadWidth = 64;

    private const int MostLayers = 256;
    private const int MostWidth = 16_384;

    public static NormWeights Norm(WeightSet weights, string name, int width) =>
        new(weights.Take($"{name}.weight", width), weights.Take($"{name}.bias", width));

    /// <summary>A layer whose weight is stored [outputs, inputs].</summary>
    public static LinearWeights Linear(WeightSet weights, string name, int outputs, int inputs) =>
        new(
            Turned(weights.Defer($"{name}.weight", outputs, inputs), outputs, inputs),
            weights.Take($"{name}.bias", outputs),
            outputs,
            inputs
        );

    /// <summary>A projection without bias that is stored [inputs, outputs], as x P.</summary>
    public static LinearWeights Projection(WeightSet weights, string name, int inputs)
    {
        int outputs = Size(weights, weights.ShapeOf(name, 2)[1], name, MostWidth);
        return new LinearWeights(weights.Defer(name, inputs, outputs), null, outputs, inputs);
    }

    /// <summary>A projection without bias that is stored [outputs, inputs].</summary>
    public static LinearWeights Matrix(WeightSet weights, string name, int inputs)
    {
        int outputs = Size(weights, weights.ShapeOf(name, 2)[0], name, MostWidth);
        return new LinearWeights(Turned(weights.Defer(name, outputs, inputs), outputs, inputs), null, outputs, inputs);
    }

    /// <summary>[rows, columns] as [columns, rows].</summary>
    public static DeferredNumbers Turned(DeferredNumbers values, int rows, int columns) =>
        values.Then(read =>
        {
            float[] turned = new float[read.Length];
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < columns; column++)
                    turned[column * rows + row] = read[row * columns + column];
            }
            return turned;
        });

    /// <summary>How many heads a model has: as many as its configuration says, or those of a width.</summary>
    public static int Heads(WeightSet weights, int width, int? stated = null, int headWidth = HeadWidth)
    {
        if (stated is { } heads)
        {
            return width % heads == 0
                ? heads
                : throw new LpossException(
                    LpossErrorCode.InvalidWeights,
                    $"{weights.Source} is of a model {width} wide, which the {heads} heads of its configuration do "
                        + "not divide; they belong to different models."
                );
        }
        return width % headWidth == 0
            ? width / headWidth
            : throw new LpossException(
                LpossErrorCode.InvalidWeights,
                $"{weights.Source} is of a model {width} wide, which heads of {headWidth} do not divide."
            );
    }

    /// <summary>The width of a head in CLIP's image encoders: ViT-H, g and bigG have 16 heads, whatever their
    /// width.</summary>
    public static int ClipImageHeadWidth(int width) =>
        width switch
        {
            1280 => 80,
            1408 => 88,
            1664 => 104,
            _ => HeadWidth,
        };

    /// <summary>The width of a model, from a tensor that has it as a dimension.</summary>
    public static int Width(WeightSet weights, string name, int dimensions, int at) =>
        Size(weights, weights.ShapeOf(name, dimensions)[at], name, MostWidth);

    /// <summary>The number of blocks: up to the last of which there is anything, so that what is missing of one
    /// shows.</summary>
    public static int CountLayers(WeightSet weights, Func<int, BlockNames> names)
    {
        string FirstName(int layer) => names(layer).Norm1;
        string Prefix(int layer) => FirstName(layer)[..(FirstName(layer).LastIndexOf('.') + 1)];
        if (weights.Names.Any(name => name.StartsWith(Prefix(MostLayers), StringComparison.Ordinal)))
            throw new LpossException(
                LpossErrorCode.InvalidWeights,
                $"{weights.Source} has more than {MostLayers} blocks."
            );
        int layers = MostLayers;
        while (layers > 0 && !weights.Names.Any(name => name.StartsWith(Prefix(layers - 1), StringComparison.Ordinal)))
            layers--;
        return layers > 0
            ? layers
            : throw new LpossException(
                LpossErrorCode.InvalidWeights,
                $"{weights.Source} has no tensor '{FirstName(0)}.weight', which this model needs."
            );
    }

    private static int Size(WeightSet weights, long size, string name, int most) =>
        size >= 1 && size <= most
            ? (int)size
            : throw new LpossException(
                LpossErrorCode.InvalidWeights,
                $"{weights.Source} has tensor '{name}' with a dimension of {size}; it may be 1 to {most}."
            );
}
