using System.Text;

namespace Lposs.Files;

/// <summary>Reads whole files that come from outside, up to a size. Whatever is wrong becomes one sentence that names
/// the file, thrown as a <see cref="LpossException"/> with the caller's code.</summary>
internal static class SmallFile
{
    /// <summary>The contents.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">Files of more bytes are refused.</param>
    /// <param name="code">Of what is thrown.</param>
    /// <param name="mayBePipe">Whether a pipe or a device is read as well, as long as it ends in time: where a user
    /// named the file, not where it was found.</param>
    public static byte[] ReadBytes(string path, long maxBytes, LpossErrorCode code, bool mayBePipe = false)
    {
        try
        {
            var kind = FileStatus.Of(path).Kind;
            if (kind == FileKind.Folder)
                throw new LpossException(code, $"{path} is a folder; a file is expected there.");
            if (kind is not (FileKind.Regular or FileKind.Missing) && !mayBePipe)
                throw new LpossException(code, $"{path} is {FileStatus.Word(kind)}; a file is expected there.");
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            if (kind == FileKind.Regular && file.Length > maxBytes)
                throw new LpossException(code, $"{path} has {file.Length} bytes; at most {maxBytes} are read.");
            return ReadToEnd(file, kind == FileKind.Regular ? file.Length : 0, maxBytes)
                ?? throw new LpossException(code, $"{path} has more than {maxBytes} bytes, which is the most.");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new LpossException(code, $"{path} does not exist.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LpossException(code, $"{path} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The lines of a UTF-8 text; its byte-order mark, if any, belongs to none.</summary>
    public static string[] ReadLines(string path, long maxBytes, LpossErrorCode code, bool mayBePipe = false)
    {
        using var reader = new StreamReader(
            new MemoryStream(ReadBytes(path, maxBytes, code, mayBePipe)),
            new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true)
        );
        var lines = new List<string>();
        try
        {
            while (reader.ReadLine() is { } line)
                lines.Add(line);
        }
        catch (DecoderFallbackException error)
        {
            throw new LpossException(code, $"{path} is not UTF-8 text.", error);
        }
        return [.. lines];
    }

    /// <summary>What a stream holds; null where it is more than allowed.</summary>
    /// <param name="stream">Where from.</param>
    /// <param name="expected">How much it may be; it may be more or less.</param>
    /// <param name="maxBytes">How much is allowed.</param>
    public static byte[]? ReadToEnd(Stream stream, long expected, long maxBytes)
    {
        const int Least = 1 << 12;
        long most = Math.Min(maxBytes, Array.MaxLength - 1);
        byte[] bytes = new byte[Math.Min(Math.Max(expected + 1, Least), most + 1)];
        int filled = 0;
        for (int read; (read = stream.Read(bytes.AsSpan(filled))) > 0;)
        {
            filled += read;
            if (filled > most)
                return null;
            if (filled == bytes.Length)
                Array.Resize(ref bytes, (int)Math.Min(2L * filled, most + 1));
        }
        return bytes.AsSpan(0, filled).ToArray();
    }
}
