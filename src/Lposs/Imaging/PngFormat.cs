namespace Lposs.Imaging;

/// <summary>The constants of the PNG format (W3C PNG, third edition) that reader and writer share.</summary>
internal static class PngFormat
{
    public const byte Gray = 0,
        Rgb = 2,
        Indexed = 3,
        GrayAlpha = 4,
        Rgba = 6;

    public static readonly uint Ihdr = ChunkType("IHDR"u8),
        Plte = ChunkType("PLTE"u8),
        Idat = ChunkType("IDAT"u8),
        Iend = ChunkType("IEND"u8);

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Whether a chunk may be left out: the fifth bit of its first letter.</summary>
    public static bool IsAncillary(uint type) => (type & 0x2000_0000) != 0;

    private static uint ChunkType(ReadOnlySpan<byte> name) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(name);
}

/// <summary>The header of a PNG.</summary>
/// <param name="Width">Pixels in a row, 1 to 2^31 - 1.</param>
/// <param name="Height">Rows, 1 to 2^31 - 1.</param>
/// <param name="BitDepth">Bits per sample.</param>
/// <param name="ColourType">One of the constants of <see cref="PngFormat"/>.</param>
internal readonly record struct PngHeader(int Width, int Height, byte BitDepth, byte ColourType)
{
    private int Channels =>
        ColourType switch
        {
            PngFormat.Rgb => 3,
            PngFormat.GrayAlpha => 2,
            PngFormat.Rgba => 4,
            _ => 1,
        };

    /// <summary>Bytes in one row without its filter byte.</summary>
    public int RowBytes => checked((int)(((long)Width * Channels * BitDepth + 7) / 8));

    /// <summary>How far back the row filters look, in bytes.</summary>
    public int FilterDistance => Math.Max(1, Channels * BitDepth / 8);
}
