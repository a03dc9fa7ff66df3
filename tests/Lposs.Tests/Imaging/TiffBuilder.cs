using System.Buffers.Binary;
using Lposs.Tools.Import.Exporter;

namespace Lposs.Tests.Imaging;

/// <summary>Builds uncompressed little-endian TIFFs of one strip.</summary>
internal static class TiffBuilder
{
    public const ushort BlackIsZero = 1,
        Rgb = 2,
        Separated = 5,
        CieLab = 8;
    public const ushort Unsigned = 1,
        Signed = 2,
        Float = 3;

    public static byte[] Build(
        int width,
        int height,
        ushort photometric,
        ushort channels,
        ushort bits,
        ushort sampleFormat,
        byte[] samples,
        ushort? extraSample = null,
        string? noData = null
    )
    {
        byte[] noDataText = noData is null ? [] : [.. System.Text.Encoding.ASCII.GetBytes(noData), 0];
        int extraChannels = extraSample is null ? 0 : channels - (photometric == Rgb ? 3 : 1);
        List<(ushort Tag, ushort Type, uint Count, uint Value)> tags =
        [
            (256, 4, 1, (uint)width),
            (257, 4, 1, (uint)height),
            (258, 3, channels, bits),
            (259, 3, 1, 1),
            (262, 3, 1, photometric),
            (273, 4, 1, 0),
            (277, 3, 1, channels),
            (278, 4, 1, (uint)height),
            (279, 4, 1, (uint)samples.Length),
        ];
        if (extraSample is { } extra)
            tags.Add((338, 3, (uint)extraChannels, extra));
        tags.Add((339, 3, channels, sampleFormat));
        if (noData is not null)
            tags.Add((42113, 2, (uint)noDataText.Length, 0));
        int arrays = 8 + 2 + 12 * tags.Count + 4;
        int text = arrays + 2 * 3 * channels;
        int data = text + noDataText.Length;
        byte[] file = new byte[data + samples.Length];
        "II*\0"u8.CopyTo(file);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(4), 8);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(8), (ushort)tags.Count);
        Span<byte> at = file.AsSpan(10);
        foreach ((ushort tag, ushort type, uint count, uint value) in tags)
        {
            uint stored = tag switch
            {
                273 => (uint)data,
                42113 when count > 4 => (uint)text,
                42113 => BinaryPrimitives.ReadUInt32LittleEndian([.. noDataText, 0, 0, 0, 0]),
                _ => value,
            };
            // More than two 16-bit numbers do not fit into the tag and stand apart.
            if (type == 3 && count > 2)
            {
                for (int i = 0; i < count; i++)
                    BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(arrays + 2 * i), (ushort)value);
                stored = (uint)arrays;
                arrays += 2 * (int)count;
            }
            else if (type == 3 && count == 2)
                stored = value | (value << 16);
            BinaryPrimitives.WriteUInt16LittleEndian(at, tag);
            BinaryPrimitives.WriteUInt16LittleEndian(at[2..], type);
            BinaryPrimitives.WriteUInt32LittleEndian(at[4..], count);
            BinaryPrimitives.WriteUInt32LittleEndian(at[8..], stored);
            at = at[12..];
        }
        noDataText.CopyTo(file, text);
        samples.CopyTo(file, data);
        return file;
    }
}
