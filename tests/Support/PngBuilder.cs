using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using Lposs.Imaging;

namespace Lposs.Tests.Support;

/// <summary>Builds PNGs chunk by chunk, damaged ones too.</summary>
internal static class PngBuilder
{
    public static byte[] Build(params byte[][] chunks) =>
        [.. PngFormat.Signature, .. chunks.SelectMany(chunk => chunk)];

    /// <summary>A PNG of rows as they are stored, each with its filter byte.</summary>
    public static byte[] Build(int width, int height, byte bitDepth, byte colourType, byte[] storedRows) =>
        Build(Header(width, height, bitDepth, colourType), Palette(colourType), Data(storedRows), End);

    public static byte[] Header(int width, int height, byte bitDepth, byte colourType, byte interlace = 0)
    {
        byte[] data = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(data, width);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(4), height);
        (data[8], data[9], data[12]) = (bitDepth, colourType, interlace);
        return Chunk("IHDR", data);
    }

    public static byte[] Palette(byte colourType) =>
        colourType == PngFormat.Indexed ? Chunk("PLTE", [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120]) : [];

    public static byte[] Data(byte[] storedRows) => Chunk("IDAT", Deflate(storedRows));

    public static byte[] End => Chunk("IEND", []);

    public static byte[] Deflate(byte[] bytes)
    {
        using MemoryStream output = new();
        using (ZLibStream deflate = new(output, CompressionLevel.Optimal))
            deflate.Write(bytes);
        return output.ToArray();
    }

    public static byte[] Chunk(string type, byte[] data)
    {
        byte[] chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        System.Text.Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        uint crc = Crc32.HashToUInt32(chunk.AsSpan(4, 4 + data.Length));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), crc);
        return chunk;
    }
}
