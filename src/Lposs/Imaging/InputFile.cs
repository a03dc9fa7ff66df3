namespace Lposs.Imaging;

/// <summary>Opens a picture file for reading, with a sentence for each way in which that fails.</summary>
internal static class InputFile
{
    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">The beginning of the messages, such as "cannot read 'x'".</param>
    /// <exception cref="ImageFormatException">It cannot be opened.</exception>
    public static FileStream Open(string path, string what)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw new ImageFormatException(ImageFormatError.IsFolder, $"{what}: it is a folder, not a file");
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ImageFormatException(ImageFormatError.NotFound, $"{what}: there is no such file", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new ImageFormatException(ImageFormatError.Unreadable, $"{what}: permission denied", error);
        }
        catch (IOException error)
        {
            throw new ImageFormatException(ImageFormatError.Unreadable, $"{what}: {error.Message}", error);
        }
    }
}
