using System.Formats.Tar;

namespace Lposs.Tools.Batch;

/// <summary>
/// The images in an uncompressed tar, found by its headers alone. Names that would leave a folder are refused, although
/// nothing is unpacked: results are named by them.
/// </summary>
internal static class TarIndex
{
    /// <exception cref="LpossException">It cannot be read, is no tar, is cut short, or has a name that leads out of a
    /// folder.</exception>
    public static IReadOnlyList<BatchInput> Read(string path)
    {
        var found = new List<BatchInput>();
        string prefix = Path.GetFileNameWithoutExtension(path);
        try
        {
            using var stream = File.OpenRead(path);
            using var tar = new TarReader(stream, leaveOpen: true);
            while (tar.GetNextEntry() is { } entry)
            {
                if (
                    entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile)
                    || !InputSet.IsImage(entry.Name)
                )
                    continue;
                string name = Checked(path, entry.Name);
                if (entry.DataOffset < 0)
                    throw new LpossException(
                        LpossErrorCode.BatchFailed,
                        $"cannot find where '{name}' lies in '{path}'; the tar must be a plain file"
                    );
                found.Add(new BatchInput($"{prefix}/{name}", path, entry.DataOffset, entry.Length));
            }
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new LpossException(
                LpossErrorCode.BatchFailed,
                $"'{path}' is no tar, is compressed, or is damaged after {found.Count} images: {error.Message}",
                error
            );
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LpossException(LpossErrorCode.BatchFailed, $"'{path}' cannot be read: {error.Message}", error);
        }
        return found;
    }

    private static string Checked(string tar, string name)
    {
        string plain = name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name;
        if (
            plain.Contains('\\')
            || plain.Any(char.IsControl)
            || plain.Split('/').Any(part => part is "" or "." or "..")
        )
            throw new LpossException(
                LpossErrorCode.BatchFailed,
                $"'{tar}' has a member '{name.ReplaceLineEndings(" ")}', whose name would leave the folder of the "
                    + "results"
            );
        return plain;
    }
}
