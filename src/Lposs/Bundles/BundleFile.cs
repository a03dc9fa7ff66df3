using System.Security.Cryptography;
using Lposs.Files;
using Lposs.Json;

namespace Lposs.Bundles;

/// <summary>A file of a model bundle.</summary>
/// <param name="Path">Relative to the bundle's folder, with forward slashes.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its SHA-256, 64 lower-case hexadecimal digits.</param>
internal sealed record BundleFile(string Path, long Bytes, string Sha256)
{
    private const int HashDigits = 2 * SHA256.HashSizeInBytes;

    internal static BundleFile Read(JsonObjectReader reader)
    {
        var file = new BundleFile(reader.Text("path"), reader.Size("bytes"), reader.Text("sha256"));
        reader.RejectUnknown();
        if (file.Sha256.Length != HashDigits || !file.Sha256.All(char.IsAsciiHexDigitLower))
            throw reader.Error("sha256", $"is '{file.Sha256}'; it must be {HashDigits} lower-case hexadecimal digits.");
        if (LeavesFolder(file.Path))
            throw reader.Error("path", $"is '{file.Path}'; it must stay inside the bundle's folder.");
        return file;
    }

    /// <summary>Compares the file below <paramref name="folder"/> with its size and hash.</summary>
    /// <exception cref="LpossException">It is missing, cannot be read, is a link, or is not the same file.</exception>
    internal void Verify(string folder)
    {
        string full = System.IO.Path.Combine(folder, Path);
        RefuseLinks(folder);
        if (FileStatus.Of(full).Kind is var kind and not (FileKind.Regular or FileKind.Missing))
            throw new LpossException(
                LpossErrorCode.InvalidBundle,
                $"{full} is {FileStatus.Word(kind)}; a file is expected there."
            );
        try
        {
            using var stream = File.OpenRead(full);
            if (stream.Length != Bytes)
                throw new LpossException(
                    LpossErrorCode.InvalidBundle,
                    $"{full} has {stream.Length} bytes, and the manifest says {Bytes}: it is damaged or another file."
                );
            string hash = Convert.ToHexStringLower(SHA256.HashData(stream));
            if (hash != Sha256)
                throw new LpossException(
                    LpossErrorCode.InvalidBundle,
                    $"{full} has the SHA-256 {hash}, and the manifest says {Sha256}: it is damaged or another file."
                );
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new LpossException(
                LpossErrorCode.InvalidBundle,
                $"{full} does not exist, and the manifest lists it.",
                error
            );
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LpossException(LpossErrorCode.InvalidBundle, $"{full} cannot be read: {error.Message}", error);
        }
    }

    private static bool LeavesFolder(string path) =>
        path.Contains('\\') || path.Contains('\0') || path.Split('/').Any(part => part is "" or "." or "..");

    /// <summary>A symbolic link can lead anywhere, whatever its name; the folder itself may be one.</summary>
    private void RefuseLinks(string folder)
    {
        string at = folder;
        foreach (string part in Path.Split('/'))
        {
            at = System.IO.Path.Combine(at, part);
            if (new FileInfo(at).LinkTarget is not null)
                throw new LpossException(
                    LpossErrorCode.InvalidBundle,
                    $"{at} is a symbolic link; a bundle holds its files themselves."
                );
        }
    }
}
