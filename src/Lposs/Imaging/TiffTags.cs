using System.Buffers.Binary;
using System.Globalization;

namespace Lposs.Imaging;

/// <summary>What a TIFF says of its first image that the decoder does not pass on.</summary>
/// <param name="HasAlpha">Whether the first channel after the colours is alpha, and not just one more band
/// (ExtraSamples 1 or 2).</param>
/// <param name="NoData">The value of samples that hold nothing (GDAL_NODATA); null where there is none.</param>
internal readonly record struct TiffTags(bool HasAlpha, double? NoData)
{
    private const int ExtraSamples = 338;
    private const int GdalNoData = 42113;
    private const int MostEntries = 4096;
    private const int LongestNoData = 64;

    /// <summary>Reads them; what is damaged counts as not there, since the decoder says what is wrong.</summary>
    /// <param name="readAt">Gives bytes from an offset, fewer at the end of the file.</param>
    public static TiffTags Read(Func<long, int, byte[]> readAt)
    {
        var file = new Reader(readAt);
        byte[] head = file.At(0, 16);
        if (head.Length < 16)
            return default;
        file.IsLittle = head[0] == 'I';
        bool isBig = file.Number(head.AsSpan(2), 2) == 43;
        long directory = isBig ? file.Number(head.AsSpan(8), 8) : file.Number(head.AsSpan(4), 4);
        (int countBytes, int entryBytes, int valueBytes) = isBig ? (8, 20, 8) : (2, 12, 4);
        long entries = Math.Min(file.NumberAt(directory, countBytes), MostEntries);
        if (entries <= 0)
            return default;

        var tags = new TiffTags();
        byte[] all = file.At(directory + countBytes, (int)entries * entryBytes);
        for (int at = 0; at + entryBytes <= all.Length; at += entryBytes)
        {
            ReadOnlySpan<byte> entry = all.AsSpan(at, entryBytes);
            long count = file.Number(entry[4..], valueBytes);
            ReadOnlySpan<byte> value = entry[(4 + valueBytes)..];
            switch (file.Number(entry, 2))
            {
                case ExtraSamples:
                    // Numbers of two bytes, which lie in the entry where they fit.
                    bool isHere = count <= valueBytes / 2;
                    long first = isHere ? file.Number(value, 2) : file.NumberAt(file.Number(value, valueBytes), 2);
                    tags = tags with { HasAlpha = first is 1 or 2 };
                    break;
                case GdalNoData when count is > 0 and <= LongestNoData:
                    byte[] text =
                        count <= valueBytes
                            ? value[..(int)count].ToArray()
                            : file.At(file.Number(value, valueBytes), (int)count);
                    tags = tags with { NoData = Parse(text) };
                    break;
            }
        }
        return tags;
    }

    /// <summary>A number as text, such as "-9999" or "nan".</summary>
    private static double? Parse(ReadOnlySpan<byte> text) =>
        double.TryParse(text.Trim("\0 "u8), NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? value
            : null;

    private sealed class Reader(Func<long, int, byte[]> readAt)
    {
        public bool IsLittle { get; set; }

        /// <summary>Bytes from an offset, fewer at the end; none where the offset is above 2^63.</summary>
        public byte[] At(long offset, int count) => offset < 0 ? [] : readAt(offset, count);

        /// <summary>A number without a sign; -1 where the file ends before it, or it is above 2^63.</summary>
        public long NumberAt(long offset, int bytes) =>
            At(offset, bytes) is var read && read.Length == bytes ? Number(read, bytes) : -1;

        public long Number(ReadOnlySpan<byte> bytes, int count) =>
            (count, IsLittle) switch
            {
                (2, true) => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
                (2, false) => BinaryPrimitives.ReadUInt16BigEndian(bytes),
                (4, true) => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
                (4, false) => BinaryPrimitives.ReadUInt32BigEndian(bytes),
                (_, true) => BinaryPrimitives.ReadInt64LittleEndian(bytes),
                (_, false) => BinaryPrimitives.ReadInt64BigEndian(bytes),
            };
    }
}
