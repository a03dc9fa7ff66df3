using System.Buffers.Binary;
using Lposs.Files;

namespace Lposs.Imaging;

/// <summary>
/// Label maps as PNG files whose pixel values are the labels: indexed with a palette of colours up to label 255, as in
/// Pascal VOC, and 16-bit gray above.
/// </summary>
internal static class LabelPng
{
    /// <summary>Writes a label map; the file appears whole or not at all.</summary>
    /// <param name="path">Where the file is to appear; replaced if it is there.</param>
    /// <param name="labels">The labels. If all are 255 or less, the file is an indexed PNG with 8 bits and a palette of
    /// 256
    /// colours; otherwise a gray PNG with 16 bits.</param>
    /// <param name="palette">The colours of the labels; without effect on a gray PNG.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, LabelMap labels, Palette palette)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(palette);
        AtomicFile.Write(path, stream => Write(stream, labels, palette));
    }

    /// <summary>Writes a label map to a stream, in the same form.</summary>
    /// <param name="stream">Where to; stays open.</param>
    /// <param name="labels">The labels.</param>
    /// <param name="palette">The colours of the labels.</param>
    public static void Write(Stream stream, LabelMap labels, Palette palette)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(palette);
        if (labels.Maximum() <= byte.MaxValue)
            PngWriter.Write(
                stream,
                new PngHeader(labels.Width, labels.Height, 8, PngFormat.Indexed),
                ColourTable(palette),
                filterUp: false,
                (y, row) => Narrow(labels.Row(y), row)
            );
        else
            PngWriter.Write(
                stream,
                new PngHeader(labels.Width, labels.Height, 16, PngFormat.Gray),
                [],
                filterUp: false,
                (y, row) => BigEndian(labels.Row(y), row)
            );
    }

    /// <summary>Reads a label map.</summary>
    /// <param name="path">A PNG: indexed (the indices are the labels; the colours are not looked at) or gray (the
    /// values
    /// are the labels), with 1, 2, 4, 8 or 16 bits, not interlaced.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <returns>The labels, [height, width].</returns>
    /// <exception cref="LpossException">The file cannot be read as a label map.</exception>
    public static LabelMap Read(string path, ImageReadOptions? options = null)
    {
        string what = $"cannot read '{path}' as a label map";
        using FileStream file = InputFile.Open(path, what);
        using BufferedStream buffered = new(file, 1 << 16);
        return PngLabelReader.Read(buffered, what, options ?? new ImageReadOptions());
    }

    private static byte[] ColourTable(Palette palette)
    {
        byte[] table = new byte[256 * 3];
        for (int i = 0; i < 256; i++)
            (table[3 * i], table[3 * i + 1], table[3 * i + 2]) = palette[(ushort)i];
        return table;
    }

    private static void Narrow(ReadOnlySpan<ushort> labels, Span<byte> row)
    {
        for (int x = 0; x < labels.Length; x++)
            row[x] = (byte)labels[x];
    }

    private static void BigEndian(ReadOnlySpan<ushort> labels, Span<byte> row)
    {
        for (int x = 0; x < labels.Length; x++)
            BinaryPrimitives.WriteUInt16BigEndian(row[(2 * x)..], labels[x]);
    }
}
