namespace Lposs.Tools.Batch;

/// <summary>One image of a collection: a file, or a member of an uncompressed tar.</summary>
/// <param name="Name">Unique in the collection and the same every time and on every machine: relative, with forward
/// slashes and its extension, such as "a/b.jpg"; for a member of a tar "TAR/member.jpg", where TAR is the tar's name
/// without extension.</param>
/// <param name="Path">The file, or the tar that holds it.</param>
/// <param name="Offset">Where the contents begin in the tar; -1 for a file of its own.</param>
/// <param name="Bytes">Size of the contents in the tar; -1 for a file of its own.</param>
public sealed record BatchInput(string Name, string Path, long Offset = -1, long Bytes = -1)
{
    /// <summary><see cref="Name"/> without its extension: what the results are named by.</summary>
    public string Stem => StemOf(Name);

    internal static string StemOf(string name)
    {
        int slash = name.LastIndexOf('/');
        int dot = name.LastIndexOf('.');
        // A name such as ".png" is all extension.
        return dot > slash + 1 ? name[..dot] : name;
    }

    /// <summary>The contents.</summary>
    /// <param name="maxBytes">Larger ones are refused.</param>
    /// <exception cref="LpossException">It is larger than allowed (<see cref="LpossErrorCode.ImageTooLarge"/>), or its
    /// tar is cut short (<see cref="LpossErrorCode.FileUnreadable"/>); the message names it.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public byte[] Read(long maxBytes)
    {
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        long offset = Math.Max(0, Offset);
        long bytes = Offset < 0 ? file.Length : Bytes;
        if (bytes > Math.Min(maxBytes, Array.MaxLength))
            throw new LpossException(
                LpossErrorCode.ImageTooLarge,
                $"cannot read '{Name}': it has {bytes} bytes; at most {maxBytes} are read."
            );
        if (offset > file.Length - bytes)
            throw new LpossException(
                LpossErrorCode.FileUnreadable,
                $"cannot read '{Name}': '{Path}' ends before it does; the tar is cut short."
            );
        byte[] contents = new byte[bytes];
        file.Position = offset;
        file.ReadExactly(contents);
        return contents;
    }
}
