using System.Security.Cryptography;
using Lposs.Files;

namespace Lposs.Tools.Downloads;

/// <summary>
/// The folder where fetched files are kept: <c>files</c>, each named after its address and the registry's name for it;
/// <c>bundles</c>, model bundles by name; and <c>hashes.json</c>.
/// </summary>
public sealed class DownloadCache
{
    private const int AddressDigits = 16;

    /// <param name="folder">The folder; it need not be there.</param>
    public DownloadCache(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Folder = Path.GetFullPath(folder);
    }

    /// <summary>The folder, as a full path.</summary>
    public string Folder { get; }

    /// <summary>$XDG_CACHE_HOME/lposs, or ~/.cache/lposs where that is not set or not a full path.</summary>
    public static string DefaultFolder => UserCache.Folder;

    /// <summary>Where a file of the registry is kept, whether or not it is there.</summary>
    public string PathOf(RegistryFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        // Two registries may give one name to different files.
        string address = Convert.ToHexStringLower(
            SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(file.Address.AbsoluteUri))
        );
        return Path.Combine(FilesFolder, $"{address[..AddressDigits]}-{file.Name}");
    }

    /// <summary>The folder of the bundle of a name, or null if there is none.</summary>
    public string? FindBundle(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!RegistryFile.IsPlainName(name))
            return null;
        string folder = BundleFolder(name);
        return Directory.Exists(folder) ? folder : null;
    }

    /// <summary>Where the bundle of a name is kept, whether or not it is there.</summary>
    public string BundleFolder(string name) => Path.Combine(Folder, "bundles", name);

    internal string HashesPath => Path.Combine(Folder, "hashes.json");

    private string FilesFolder => Path.Combine(Folder, "files");

    /// <summary>Makes the folders, and keeps other fetches out until disposed.</summary>
    /// <exception cref="LpossException">Another fetch is under way, or the folder cannot be made.</exception>
    public IDisposable Lock()
    {
        string path = Path.Combine(Folder, ".lock");
        try
        {
            Directory.CreateDirectory(FilesFolder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LpossException(
                LpossErrorCode.DownloadFailed,
                $"cannot make the cache folder {Folder}: {error.Message}",
                error
            );
        }
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new LpossException(
                LpossErrorCode.DownloadFailed,
                $"cannot write into the cache folder {Folder}: permission denied",
                error
            );
        }
        catch (IOException error)
        {
            throw new LpossException(
                LpossErrorCode.DownloadFailed,
                $"another process fetches into {Folder}; wait for it, or name another folder.",
                error
            )
            {
                Argument = nameof(DownloadCache),
                Value = Folder,
            };
        }
    }
}
