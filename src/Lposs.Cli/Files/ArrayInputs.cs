using Lposs.Imaging;

namespace Lposs.Cli.Files;

/// <summary>Images, label maps and arrays as the command takes them: files of their own formats, or .npy.</summary>
internal static class ArrayInputs
{
    /// <summary>An image file, or an array [H, W, 3] uint8.</summary>
    public static Image ReadImage(string path, ImageReadOptions options)
    {
        if (!IsArray(path))
            return Image.Load(path, options);
        var array = NpyFile.Read<byte>(path);
        if (array.Rank != 3 || array.Shape[2] != 3 || array.Length == 0)
            throw WrongShape(path, "as an image", array.Shape, "[height, width, 3]");
        long pixels = array.Length / 3;
        if (pixels > options.MaximumPixels)
            throw new LpossException(
                LpossErrorCode.ImageTooLarge,
                $"cannot read '{path}': it has {pixels} pixels, and the limit is {options.MaximumPixels}"
            );
        return new Image(array.Shape[1], array.Shape[0], array.Span.ToArray());
    }

    /// <summary>A label PNG, or an array [H, W] of whole numbers.</summary>
    public static LabelMap ReadLabels(string path, ImageReadOptions options)
    {
        if (!IsArray(path))
            return LabelMap.Load(path, options);
        var array = NpyFile.ReadInt32(path);
        if (array.Rank != 2 || array.Length == 0)
            throw WrongShape(path, "as a label map", array.Shape, "[height, width]");
        ushort[] labels = new ushort[array.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            int label = array.Span[i];
            if (label is < 0 or > ushort.MaxValue)
                throw new InputException(
                    $"cannot read '{path}' as a label map: it holds {label}; a label is 0 to {ushort.MaxValue}"
                        + (label is -1 or -100 ? ", and 255 is what others mark with it: pixels to ignore" : "")
                );
            labels[i] = (ushort)label;
        }
        return new LabelMap(array.Shape[1], array.Shape[0], labels);
    }

    /// <summary>The class of each prompt: an array [prompts] of whole numbers.</summary>
    public static int[] ReadMapping(string path, int prompts)
    {
        var array = NpyFile.ReadInt32(path);
        if (array.Rank != 1 || array.Length != prompts)
            throw WrongShape(path, "for --mapping", array.Shape, $"[{prompts}], the class of each row of --text");
        foreach (int index in array.Span)
        {
            if (index < 0 || index >= prompts)
                throw new InputException(
                    $"cannot use '{path}': it names class {index}; with {prompts} prompts a class is 0 to {prompts - 1}"
                );
        }
        return array.Span.ToArray();
    }

    /// <param name="path">The file.</param>
    /// <param name="use">Such as "as an image".</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="right">What it must be.</param>
    public static InputException WrongShape(string path, string use, ReadOnlySpan<int> shape, string right) =>
        new($"cannot use '{path}' {use}: its shape is [{string.Join(", ", shape.ToArray())}]; it must be {right}");

    private static bool IsArray(string path) => path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase);
}
