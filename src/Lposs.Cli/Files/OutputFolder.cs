namespace Lposs.Cli.Files;

/// <summary>The folder that results go to.</summary>
internal static class OutputFolder
{
    /// <summary>Makes the folder if it is not there.</summary>
    /// <exception cref="IOException">It cannot be made; the message names it.</exception>
    public static void Create(string folder)
    {
        RefuseFile(folder);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"cannot make the folder '{folder}': {error.Message.TrimEnd('.')}", error);
        }
    }

    /// <exception cref="IOException">There is a file of this name.</exception>
    public static void RefuseFile(string folder)
    {
        if (File.Exists(folder))
            throw new IOException($"cannot write into '{folder}': it is a file, not a folder");
    }
}
