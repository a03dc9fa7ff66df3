namespace Lposs.Imaging;

/// <summary>Opens an image file for reading, with a sentence for each way in which that fails.</summary>
internal static class InputFile
{
    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">The beginning of the messages, such as "cannot read 'x'".</param>
    /// <exception cref="LpossException">It cannot be opened.</exception>
    public static FileStream Open(string path, string what)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw new LpossException(LpossErrorCode.FileIsFolder, $"{what}: it is a folder, not a file");
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new LpossException(LpossErrorCode.FileNotFound, $"{what}: there is no such file", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new LpossException(LpossErrorCode.FileUnreadable, $"{what}: permission denied", error);
        }
        catch (IOException error)
        {
            throw new LpossException(LpossErrorCode.FileUnreadable, $"{what}: {error.Message}", error);
        }
    }
}
