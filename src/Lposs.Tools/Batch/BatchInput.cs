using System.Security.Cryptography;
using Lposs.Files;

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
        var kind = FileStatus.Of(Path).Kind;
        if (kind == FileKind.Missing && Path.Contains('\uFFFD', StringComparison.Ordinal))
            throw new LpossException(
                LpossErrorCode.FileNotFound,
                $"cannot read '{Name}': its name is not UTF-8; rename it, with convmv for example"
            );
        if (kind is not (FileKind.Regular or FileKind.Missing))
            throw new LpossException(
                kind == FileKind.Folder ? LpossErrorCode.FileIsFolder : LpossErrorCode.FileUnreadable,
                $"cannot read '{Name}': it is {FileStatus.Word(kind)}, not a file"
            );
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

/// <summary>What an image's contents were when it was done.</summary>
/// <param name="Bytes">Their size.</param>
/// <param name="Modified">When the file, or the tar that holds it, was last changed.</param>
/// <param name="Sha256">Their SHA-256, lower-case hexadecimal digits.</param>
internal sealed record InputVersion(long Bytes, DateTimeOffset Modified, string Sha256)
{
    /// <summary>Of contents that were read from an image just now.</summary>
    /// <param name="modified">When its file was last changed, asked before the contents were read.</param>
    /// <param name="contents">What was read.</param>
    public static InputVersion Of(DateTimeOffset modified, ReadOnlySpan<byte> contents) =>
        new(contents.Length, modified, Convert.ToHexStringLower(SHA256.HashData(contents)));

    /// <summary>What the image is now, if its contents are still the same; null where they are not.</summary>
    /// <param name="input">The image.</param>
    /// <param name="comparesContents">Whether to read it although size and time are as they were.</param>
    /// <param name="maxBytes">Larger ones count as changed.</param>
    public InputVersion? StillOf(BatchInput input, bool comparesContents, long maxBytes)
    {
        var status = FileStatus.Of(input.Path);
        if ((input.Offset < 0 ? status.Bytes : input.Bytes) != Bytes)
            return null;
        if (status.Modified == Modified && !comparesContents)
            return this;
        try
        {
            var now = Of(status.Modified, input.Read(maxBytes));
            return now.Sha256 == Sha256 ? now : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or LpossException)
        {
            return null; // It is tried again, and then it is said what is wrong with it.
        }
    }
}
