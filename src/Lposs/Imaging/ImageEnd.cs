using System.Buffers.Binary;

namespace Lposs.Imaging;

/// <summary>Whether an image that failed to decode was cut off, by the mark that its format puts at the end.</summary>
internal static class ImageEnd
{
    /// <summary>How many last bytes <see cref="IsMissing"/> looks at; some programs pad their files.</summary>
    public const int Length = 1024;

    /// <summary>Whether the end is missing; null where the format has no mark (TIFF).</summary>
    /// <param name="format">The format of the file.</param>
    /// <param name="head">The first bytes, 16 or more if there are.</param>
    /// <param name="tail">The last bytes, up to <see cref="Length"/>.</param>
    /// <param name="length">The length of the whole file.</param>
    public static bool? IsMissing(ImageFormat format, ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail, long length)
    {
        switch (format)
        {
            case ImageFormat.Jpeg:
                return tail.LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]) < 0;
            case ImageFormat.Png:
                return tail.LastIndexOf("IEND"u8) < 0;
            case ImageFormat.Gif:
                return !tail.TrimEnd((byte)0).EndsWith((ReadOnlySpan<byte>)[(byte)';']);
            case ImageFormat.WebP:
                return 8 + (long)BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) > length;
            default:
                return null;
        }
    }
}
