using Lposs.Arrays;

namespace Lposs.Cli.Files;

/// <summary>The arrays that <c>propagate</c> and <c>refine</c> take, each with its shape checked.</summary>
internal static class ArrayFile
{
    /// <summary>Vectors: [N, D], or with N spread over more dimensions, such as [windows, rows, columns, D].</summary>
    public static NdArray<float> ReadVectors(string path)
    {
        var array = NpyFile.ReadSingle(path);
        if (array.Rank < 2 || array.Length == 0)
            throw Refused(path, array.Shape, "it must be [N, D] with one vector a row");
        int dimensions = array.Shape[^1];
        return new NdArray<float>([array.Length / dimensions, dimensions], array.Span.ToArray());
    }

    /// <summary>Scores of pixels, [height, width, classes].</summary>
    public static NdArray<float> ReadScores(string path)
    {
        var array = NpyFile.ReadSingle(path);
        return array.Rank == 3 && array.Length > 0
            ? array
            : throw Refused(path, array.Shape, "scores must be [height, width, classes]");
    }

    /// <summary>The class of each prompt, [prompts].</summary>
    public static int[] ReadMapping(string path, int prompts)
    {
        var array = NpyFile.ReadInt32(path);
        if (array.Rank != 1 || array.Length != prompts)
            throw Refused(path, array.Shape, $"it must be [{prompts}], the class of each row of --text");
        foreach (int index in array.Span)
        {
            if (index < 0 || index >= prompts)
                throw new NpyFormatException($"cannot use '{path}': it names class {index}; with {prompts} prompts a class is 0 to {prompts - 1}");
        }
        return array.Span.ToArray();
    }

    /// <summary>Elements of an array [height, width, classes] that is to be made.</summary>
    public static float[] CreateScores(int height, int width, int classes)
    {
        var count = (Int128)height * width * classes;
        if (count > Array.MaxLength)
            throw new NpyFormatException($"scores of {height} x {width} pixels and {classes} classes are {count} numbers, and an array holds {Array.MaxLength}; ask for labels only, or a smaller size");
        return new float[(int)count];
    }

    public static NpyFormatException Refused(string path, ReadOnlySpan<int> shape, string right) =>
        new($"cannot use '{path}': its shape is {Shapes.Text(shape)}; {right}");
}
