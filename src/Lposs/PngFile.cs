using Lposs.Files;
using Lposs.Imaging;

namespace Lposs;

/// <summary>Writes images as PNG files, which appear whole or not at all.</summary>
public static class PngFile
{
    /// <summary>Writes an RGB image with 8 bits a channel.</summary>
    /// <param name="path">Where the file is to appear; replaced if it is there.</param>
    /// <param name="image">The image.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteRgb(string path, Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        AtomicFile.Write(path, stream => WriteRgb(stream, image));
    }

    /// <summary>Writes a colour image to a stream, which stays open.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="image">The image.</param>
    public static void WriteRgb(Stream stream, Image image)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(image);
        PngHeader header = new(image.Width, image.Height, 8, PngFormat.Rgb);
        PngWriter.Write(stream, header, [], filterUp: true, (y, row) => image.Row(y).CopyTo(row));
    }

    /// <summary>Writes a gray image with 8 bits, such as a map of confidence.</summary>
    /// <param name="path">Where the file is to appear; replaced if it is there.</param>
    /// <param name="width">Pixels in a row, 1 or more.</param>
    /// <param name="height">Rows, 1 or more.</param>
    /// <param name="levels">[height, width], 0 (black) to 255 (white).</param>
    /// <exception cref="ArgumentException">A size is out of range, or <paramref name="levels"/> has another
    /// length.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WriteGray(string path, int width, int height, ReadOnlyMemory<byte> levels)
    {
        int count = PixelCount.Checked(width, height, Array.MaxLength);
        if (levels.Length != count)
            throw new ArgumentException(
                $"levels holds {levels.Length} bytes; a gray image of {width} x {height} pixels has {count}.",
                nameof(levels)
            );
        PngHeader header = new(width, height, 8, PngFormat.Gray);
        AtomicFile.Write(
            path,
            stream =>
                PngWriter.Write(
                    stream,
                    header,
                    [],
                    filterUp: true,
                    (y, row) => levels.Span.Slice(y * width, width).CopyTo(row)
                )
        );
    }

    /// <summary>Writes a gray image with 8 or 16 bits to a stream, which stays open.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="width">Pixels in a row, 1 or more.</param>
    /// <param name="height">Rows, 1 or more.</param>
    /// <param name="bits">8 or 16.</param>
    /// <param name="levelOf">The level of a pixel, by its place in [height, width].</param>
    internal static void WriteGray(Stream stream, int width, int height, byte bits, Func<int, int> levelOf)
    {
        PngHeader header = new(width, height, bits, PngFormat.Gray);
        PngWriter.Write(
            stream,
            header,
            [],
            filterUp: true,
            (y, row) =>
            {
                for (int x = 0; x < width; x++)
                {
                    int level = levelOf(y * width + x);
                    if (bits == 8)
                        row[x] = (byte)level;
                    else
                        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(row[(2 * x)..], (ushort)level);
                }
            }
        );
    }

    /// <summary>Writes a colour image to a stream, which stays open, a colour for each label.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="labels">The labels.</param>
    /// <param name="colourOf">The colour of a label.</param>
    internal static void WriteColours(Stream stream, LabelMap labels, Func<ushort, RgbColour> colourOf)
    {
        PngHeader header = new(labels.Width, labels.Height, 8, PngFormat.Rgb);
        PngWriter.Write(
            stream,
            header,
            [],
            filterUp: false,
            (y, row) =>
            {
                var values = labels.Row(y);
                for (int x = 0; x < values.Length; x++)
                    (row[3 * x], row[3 * x + 1], row[3 * x + 2]) = colourOf(values[x]);
            }
        );
    }
}
