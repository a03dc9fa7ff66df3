using Lposs.Arrays;
using Lposs.Imaging;

namespace Lposs.Cli.Files;

/// <summary>Label maps as the command takes them: label PNGs, or .npy arrays [H, W] of whole numbers.</summary>
internal static class LabelFile
{
    public static LabelMap Read(string path, ImageReadOptions options)
    {
        if (!path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase))
            return LabelPng.Read(path, options);
        var array = NpyFile.ReadInt32(path);
        if (array.Rank != 2 || array.Length == 0)
            throw new InputException($"cannot read '{path}' as a label map: its shape is {Shapes.Text(array.Shape)}; it must be [height, width]");
        ushort[] labels = new ushort[array.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            int label = array.Span[i];
            if (label is < 0 or > ushort.MaxValue)
                throw new InputException($"cannot read '{path}' as a label map: it holds {label}; a label is 0 to {ushort.MaxValue}");
            labels[i] = (ushort)label;
        }
        return new LabelMap(array.Shape[1], array.Shape[0], labels);
    }
}
