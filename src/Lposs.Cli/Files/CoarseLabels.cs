using Lposs.Arrays;
using Lposs.Imaging;

namespace Lposs.Cli.Files;

/// <summary>
/// A coarse label map whose labels are numbered anew, 0 to C - 1 in ascending order, so that labels which do not occur
/// cost nothing. A pixel to ignore has <see cref="Ignored"/>.
/// </summary>
internal sealed class CoarseLabels
{
    /// <summary>The number of a pixel that says nothing.</summary>
    public const int Ignored = ushort.MaxValue;

    private readonly ushort[] _labelOf;

    private CoarseLabels(int height, int width, ushort[] numbers, ushort[] labelOf)
    {
        (Height, Width, Numbers) = (height, width, numbers);
        _labelOf = labelOf;
    }

    public int Height { get; }

    public int Width { get; }

    /// <summary>[height, width].</summary>
    public ushort[] Numbers { get; }

    /// <summary>C, the labels that occur.</summary>
    public int Classes => _labelOf.Length;

    /// <summary>The largest label that occurs.</summary>
    public int LargestLabel => _labelOf[^1];

    /// <summary>Reads a label PNG, or .npy [height, width] of whole numbers.</summary>
    /// <param name="path">The file.</param>
    /// <param name="ignore">The label that says nothing.</param>
    /// <param name="options">Limits.</param>
    public static CoarseLabels Read(string path, int ignore, ImageReadOptions options)
    {
        var map = path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase) ? ReadArray(path) : LabelPng.Read(path, options);
        bool[] occurs = new bool[ushort.MaxValue + 1];
        foreach (ushort label in map.Labels.Span)
            occurs[label] = true;
        occurs[ignore] = false;
        ushort[] labelOf = [.. Enumerable.Range(0, occurs.Length).Where(label => occurs[label]).Select(label => (ushort)label)];
        if (labelOf.Length == 0)
            throw new NpyFormatException($"cannot use '{path}': every pixel has the label {ignore}, which is ignored; --ignore names another one");

        ushort[] numberOf = new ushort[occurs.Length];
        Array.Fill(numberOf, (ushort)Ignored);
        for (int number = 0; number < labelOf.Length; number++)
            numberOf[labelOf[number]] = (ushort)number;
        ushort[] numbers = [.. map.Labels.ToArray().Select(label => numberOf[label])];
        return new CoarseLabels(map.Height, map.Width, numbers, labelOf);
    }

    /// <summary>Turns numbers back into labels, in place.</summary>
    public void Restore(Span<ushort> numbers)
    {
        foreach (ref ushort number in numbers)
            number = _labelOf[number];
    }

    /// <summary>Scores [pixels, C] as [pixels, largest label + 1]: a column for each label, 0 where it does not occur.</summary>
    public float[] Restore(ReadOnlySpan<float> scores, int height, int width)
    {
        int columns = LargestLabel + 1;
        float[] restored = ArrayFile.CreateScores(height, width, columns);
        for (int pixel = 0; pixel < height * width; pixel++)
        {
            for (int number = 0; number < Classes; number++)
                restored[pixel * columns + _labelOf[number]] = scores[pixel * Classes + number];
        }
        return restored;
    }

    private static LabelMap ReadArray(string path)
    {
        var array = NpyFile.ReadInt32(path);
        if (array.Rank != 2 || array.Length == 0)
            throw ArrayFile.Refused(path, array.Shape, "labels must be [height, width]");
        ushort[] labels = new ushort[array.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            int label = array.Span[i];
            if (label is < 0 or > ushort.MaxValue)
                throw new NpyFormatException($"cannot use '{path}': it holds the label {label}; a label is 0 to {ushort.MaxValue}");
            labels[i] = (ushort)label;
        }
        return new LabelMap(array.Shape[1], array.Shape[0], labels);
    }
}
