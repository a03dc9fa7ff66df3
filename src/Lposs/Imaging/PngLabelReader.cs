using System.Buffers.Binary;
using System.IO.Compression;

namespace Lposs.Imaging;

/// <summary>Reads the raw values of indexed and gray PNGs, which image libraries turn into colours.</summary>
internal static class PngLabelReader
{
    public static LabelMap Read(Stream input, string what, ImageReadOptions options)
    {
        CheckSignature(input, what);
        using PngChunkReader chunks = new(input, what);
        PngHeader header = ReadHeader(chunks, what, options);
        FindData(chunks);
        ushort[] labels = new ushort[header.Width * header.Height];
        using ZLibStream inflate = new(chunks, CompressionMode.Decompress, leaveOpen: true);
        try
        {
            ReadRows(inflate, header, labels, chunks);
        }
        catch (InvalidDataException error)
        {
            throw new LpossException(
                LpossErrorCode.DamagedImage,
                $"{what}: its PNG data is damaged (the pixels do not decompress)",
                error
            );
        }
        return new LabelMap(header.Width, header.Height, labels);
    }

    private static void CheckSignature(Stream input, string what)
    {
        byte[] head = new byte[FileSignature.Length];
        int count = input.ReadAtLeast(head.AsSpan(0, 8), 8, throwOnEndOfStream: false);
        if (count == 0)
            throw new LpossException(LpossErrorCode.FileEmpty, $"{what}: the file is empty");
        if (head.AsSpan(0, count).SequenceEqual(PngFormat.Signature))
            return;
        count += input.ReadAtLeast(head.AsSpan(count), head.Length - count, throwOnEndOfStream: false);
        FileSignature signature = FileSignature.Of(head.AsSpan(0, count));
        throw new LpossException(
            signature.IsImage ? LpossErrorCode.UnsupportedImage : LpossErrorCode.NotAnImage,
            $"{what}: by its contents it is {signature.Description ?? "not a PNG"}; a label map is an indexed or gray "
                + "PNG whose values are the labels"
        );
    }

    private static PngHeader ReadHeader(PngChunkReader chunks, string what, ImageReadOptions options)
    {
        chunks.NextChunk();
        if (chunks.Type != PngFormat.Ihdr || chunks.Remaining != 13)
            throw chunks.Damaged("it does not begin with its header");
        Span<byte> ihdr = stackalloc byte[13];
        chunks.ReadData(ihdr);
        chunks.EndChunk();
        int width = BinaryPrimitives.ReadInt32BigEndian(ihdr);
        int height = BinaryPrimitives.ReadInt32BigEndian(ihdr[4..]);
        if (width < 1 || height < 1)
            throw chunks.Damaged("the header has an impossible size");
        PngHeader header = new(width, height, ihdr[8], ihdr[9]);

        string? refused = header.ColourType switch
        {
            PngFormat.Gray or PngFormat.Indexed => null,
            PngFormat.Rgb => "an RGB PNG",
            PngFormat.Rgba => "an RGB PNG with alpha",
            PngFormat.GrayAlpha => "a gray PNG with alpha",
            _ => throw chunks.Damaged("the header has an unknown colour type"),
        };
        if (refused != null)
            throw new LpossException(
                LpossErrorCode.UnsupportedPixels,
                $"{what}: it is {refused}; a label map is an indexed or gray PNG whose values are the labels"
            );
        if (
            header.BitDepth is not (1 or 2 or 4 or 8 or 16)
            || (header.ColourType == PngFormat.Indexed && header.BitDepth == 16)
        )
            throw chunks.Damaged("the header has an unknown bit depth");
        if (ihdr[10] != 0 || ihdr[11] != 0 || ihdr[12] > 1)
            throw chunks.Damaged("the header names an unknown method");
        if (ihdr[12] == 1)
            throw new LpossException(
                LpossErrorCode.UnsupportedPixels,
                $"{what}: it is an interlaced PNG; save it without interlacing"
            );
        if ((long)width * height > options.MaximumPixels)
            throw ImageDecoder.TooLarge(what, width, height, options);
        return header;
    }

    private static void FindData(PngChunkReader chunks)
    {
        for (chunks.NextChunk(); chunks.Type != PngFormat.Idat; chunks.NextChunk())
        {
            if (chunks.Type == PngFormat.Iend)
                throw chunks.Damaged("it has no pixels");
            if (chunks.Type != PngFormat.Plte && !PngFormat.IsAncillary(chunks.Type))
                throw chunks.Damaged("it needs a chunk that is not known");
            chunks.EndChunk();
        }
    }

    private static void ReadRows(ZLibStream inflate, PngHeader header, ushort[] labels, PngChunkReader chunks)
    {
        byte[] above = new byte[header.RowBytes];
        byte[] stored = new byte[1 + header.RowBytes];
        for (int y = 0; y < header.Height; y++)
        {
            if (inflate.ReadAtLeast(stored, stored.Length, throwOnEndOfStream: false) < stored.Length)
                throw chunks.Damaged($"it has pixels for {y} of {header.Height} rows");
            Span<byte> row = stored.AsSpan(1);
            if (!PngRowFilter.Undo(stored[0], row, above, header.FilterDistance))
                throw chunks.Damaged("a row has an unknown filter");
            Unpack(row, header.BitDepth, labels.AsSpan(y * header.Width, header.Width));
            row.CopyTo(above);
        }
        // Reading to the end makes the decompressor check its checksum, and the reader the CRC of the last chunk.
        if (inflate.Read(stored, 0, 1) > 0)
            throw chunks.Damaged("it has more pixels than its header says");
        while (chunks.Read(stored) > 0)
            continue;
    }

    private static void Unpack(ReadOnlySpan<byte> row, int bits, Span<ushort> labels)
    {
        if (bits == 16)
        {
            for (int x = 0; x < labels.Length; x++)
                labels[x] = BinaryPrimitives.ReadUInt16BigEndian(row[(2 * x)..]);
            return;
        }
        int perByte = 8 / bits,
            mask = (1 << bits) - 1;
        for (int x = 0; x < labels.Length; x++)
            labels[x] = (ushort)((row[x / perByte] >> (8 - bits * (1 + x % perByte))) & mask);
    }
}
