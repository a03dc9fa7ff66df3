using System.Buffers.Binary;

namespace Lposs.Cli.Commands.Doctor;

/// <summary>
/// The libraries that a shared library names as needed, read from its file without loading it: the loader itself tells
/// of the
/// first that is missing only.
/// </summary>
internal static class NeededLibraries
{
    // ELF for 64 bits, little end first (System V ABI, chapters 4 and 5).
    private const int HeaderLength = 64;
    private const int ProgramHeaderLength = 56;
    private const int Load = 1;
    private const int Dynamic = 2;
    private const long Needed = 1;
    private const long StringTable = 5;

    private static readonly byte[] s_magic = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1];

    /// <summary>Their names, such as "libcublas.so.13"; empty for a file that is no such library.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<string> Of(string path)
    {
        using var file = File.OpenRead(path);
        byte[] header = new byte[HeaderLength];
        if (
            file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength
            || !header.AsSpan().StartsWith(s_magic)
        )
            return [];
        long programHeaders = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(32));
        int count = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(56));
        var segments = Segments(Read(file, programHeaders, count * ProgramHeaderLength));
        if (segments.FirstOrDefault(segment => segment.Type == Dynamic) is not { Size: > 0 } dynamic)
            return [];
        var entries = Entries(Read(file, dynamic.Offset, (int)dynamic.Size));
        long table = entries.First(entry => entry.Tag == StringTable).Value;
        var holder = segments.First(segment =>
            segment.Type == Load && segment.Address <= table && table < segment.Address + segment.Size
        );
        long strings = table - holder.Address + holder.Offset;
        return [.. entries.Where(entry => entry.Tag == Needed).Select(entry => ReadName(file, strings + entry.Value))];
    }

    private static List<Segment> Segments(byte[] headers) =>
        [
            .. headers
                .Chunk(ProgramHeaderLength)
                .Select(header => new Segment(
                    BinaryPrimitives.ReadInt32LittleEndian(header),
                    BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(8)),
                    BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(16)),
                    BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(32))
                )),
        ];

    private static List<(long Tag, long Value)> Entries(byte[] section) =>
        [
            .. section
                .Chunk(2 * sizeof(long))
                .Select(entry =>
                    (
                        BinaryPrimitives.ReadInt64LittleEndian(entry),
                        BinaryPrimitives.ReadInt64LittleEndian(entry.AsSpan(sizeof(long)))
                    )
                ),
        ];

    private static byte[] Read(FileStream file, long offset, int length)
    {
        byte[] bytes = new byte[length];
        file.Position = offset;
        file.ReadExactly(bytes);
        return bytes;
    }

    private static string ReadName(FileStream file, long offset)
    {
        const int Longest = 256;
        byte[] bytes = new byte[Longest];
        file.Position = offset;
        int length = bytes.AsSpan(0, file.ReadAtLeast(bytes, Longest, throwOnEndOfStream: false)).IndexOf((byte)0);
        return System.Text.Encoding.ASCII.GetString(bytes, 0, Math.Max(length, 0));
    }

    private sealed record Segment(int Type, long Offset, long Address, long Size);
}

/// <summary>The native libraries of interest that this process has loaded, and from where.</summary>
internal static class LoadedLibraries
{
    private const string Maps = "/proc/self/maps";

    private static readonly string[] s_names =
    [
        "liblposs",
        "libonnxruntime",
        "libvips",
        "libcuda",
        "libcublas",
        "libcudnn",
    ];

    /// <summary>Empty where the system does not say.</summary>
    public static IReadOnlyList<LibraryDocument> List()
    {
        if (!File.Exists(Maps))
            return [];
        // "address permissions offset device inode path", a line for each mapped part of a file.
        return
        [
            .. File.ReadLines(Maps)
                .Select(line => line.IndexOf('/') is >= 0 and var at ? line[at..] : "")
                .Where(path => s_names.Any(name => Path.GetFileName(path).StartsWith(name, StringComparison.Ordinal)))
                .Distinct()
                .Select(path => new LibraryDocument(Path.GetFileName(path), path)),
        ];
    }
}
