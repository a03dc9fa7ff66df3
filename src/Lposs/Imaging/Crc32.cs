namespace Lposs.Imaging;

/// <summary>The CRC of PNG chunks: polynomial 0xEDB88320, reflected, as in ISO 3309.</summary>
internal static class Crc32
{
    /// <summary>The register before the first byte.</summary>
    public const uint Start = 0xFFFF_FFFF;

    private static readonly uint[] s_table = BuildTable();

    /// <summary>The register after <paramref name="bytes"/>.</summary>
    public static uint Append(uint register, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes) register = s_table[(byte)(register ^ b)] ^ (register >> 8);
        return register;
    }

    /// <summary>The CRC that a register stands for.</summary>
    public static uint Finish(uint register) => ~register;

    private static uint[] BuildTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint entry = i;
            for (int bit = 0; bit < 8; bit++) entry = (entry & 1) != 0 ? 0xEDB8_8320 ^ (entry >> 1) : entry >> 1;
            table[i] = entry;
        }
        return table;
    }
}
