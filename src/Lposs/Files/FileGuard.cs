namespace Lposs.Files;

/// <summary>
/// The files that a run reads, so that it writes over none of them. They are told by what they are, since links, bind
/// mounts and letters' case give one file several paths.
/// </summary>
internal sealed class FileGuard
{
    private readonly HashSet<FileIdentity> _files = [];

    /// <param name="inputs">The files; those that are not there do not count.</param>
    public FileGuard(IEnumerable<string> inputs)
    {
        foreach (string input in inputs)
        {
            // A link among the inputs must stay a link, and what it leads to must stay what it is.
            Add(FileStatus.OfLink(input));
            Add(FileStatus.Of(input));
        }
    }

    /// <summary>Whether writing a file here would replace one that is read.</summary>
    public bool WouldReplace(string path) =>
        FileStatus.OfLink(path) is { Exists: true } there && _files.Contains(there.Identity);

    private void Add(FileStatus status)
    {
        if (status.Exists)
            _files.Add(status.Identity);
    }
}

/// <summary>A folder, and whether files lie in it or below, whatever their paths say.</summary>
internal sealed class FolderContents
{
    private readonly FileIdentity? _folder;
    private readonly Dictionary<string, bool> _known = new(StringComparer.Ordinal);

    /// <param name="folder">Nothing lies in a folder that is not there.</param>
    public FolderContents(string folder)
    {
        var status = FileStatus.Of(folder);
        _folder = status.Kind == FileKind.Folder ? status.Identity : null;
    }

    /// <summary>Whether a file lies in the folder or in one below.</summary>
    public bool Has(string file)
    {
        if (_folder is null)
            return false;
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        if (!_known.TryGetValue(folder, out bool has))
            _known[folder] = has = IsBelow(folder, _folder.Value);
        return has;
    }

    /// <summary>Goes up through the folders that are really there: "LINK/.." is the folder above that of the link's
    /// target.</summary>
    private static bool IsBelow(string folder, FileIdentity sought)
    {
        FileIdentity? below = null;
        for (string path = folder; ; path = Path.Combine(path, ".."))
        {
            var status = OperatingSystem.IsLinux() ? FileStatus.Of(path) : FileStatus.Of(Path.GetFullPath(path));
            if (!status.Exists || status.Identity == below)
                return false;
            if (status.Identity == sought)
                return true;
            below = status.Identity;
        }
    }
}
