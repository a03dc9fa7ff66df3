using Lposs.Weights;

namespace Lposs.Towers;

/// <summary>Reading of what all towers have.</summary>
internal static class TowerWeights
{
    /// <summary>The width of a head in all of these models but those 1280 wide, which have 16 heads of 80.</summary>
    private const int HeadWidth = 64;

    private const int WideHeadWidth = 80;
    private const int WideWidth = 1280;
    private const int MostLayers = 256;
    private const int MostWidth = 16_384;

    public static NormWeights Norm(WeightSet weights, string name, int width) =>
        new(weights.Take($"{name}.weight", width), weights.Take($"{name}.bias", width));

    public static LinearWeights Linear(WeightSet weights, string name, int outputs, int inputs) =>
        new(weights.Take($"{name}.weight", outputs, inputs), weights.Take($"{name}.bias", outputs), outputs, inputs);

    /// <summary>A projection without bias that is stored [inputs, outputs], as x P; turned to [outputs, inputs].</summary>
    public static LinearWeights Projection(WeightSet weights, string name, int inputs)
    {
        int outputs = Size(weights, weights.ShapeOf(name, 2)[1], name, MostWidth);
        float[] stored = weights.Take(name, inputs, outputs);
        return new LinearWeights(Transposed(stored, inputs, outputs), null, outputs, inputs);
    }

    /// <summary>A projection without bias that is stored [outputs, inputs].</summary>
    public static LinearWeights Matrix(WeightSet weights, string name, int inputs)
    {
        int outputs = Size(weights, weights.ShapeOf(name, 2)[0], name, MostWidth);
        return new LinearWeights(weights.Take(name, outputs, inputs), null, outputs, inputs);
    }

    /// <summary>[rows, columns] to [columns, rows].</summary>
    public static float[] Transposed(ReadOnlySpan<float> values, int rows, int columns)
    {
        float[] turned = new float[values.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
                turned[column * rows + row] = values[row * columns + column];
        }
        return turned;
    }

    /// <summary>How many heads a model of a width has, as its publishers chose.</summary>
    public static int HeadsOf(WeightSet weights, int width)
    {
        int head = width == WideWidth ? WideHeadWidth : HeadWidth;
        return width % head == 0 ? width / head : throw new WeightsException(
            $"{weights.Source} is of a model {width} wide, which heads of {head} do not divide.");
    }

    /// <summary>The width of a model, from a tensor that has it as a dimension.</summary>
    public static int Width(WeightSet weights, string name, int dimensions, int at) =>
        Size(weights, weights.ShapeOf(name, dimensions)[at], name, MostWidth);

    /// <summary>The number of blocks: up to the first whose first normalisation is missing.</summary>
    public static int CountLayers(WeightSet weights, Func<int, BlockNames> names)
    {
        int layers = 0;
        while (layers <= MostLayers && weights.Has($"{names(layers).Norm1}.weight"))
            layers++;
        return layers is >= 1 and <= MostLayers ? layers : throw new WeightsException(
            layers == 0
                ? $"{weights.Source} has no tensor '{names(0).Norm1}.weight', which this model needs."
                : $"{weights.Source} has more than {MostLayers} blocks.");
    }

    private static int Size(WeightSet weights, long size, string name, int most) =>
        size >= 1 && size <= most ? (int)size : throw new WeightsException(
            $"{weights.Source} has tensor '{name}' with a dimension of {size}; it may be 1 to {most}.");
}
