using Lposs.Files;

namespace Lposs.Tools.Batch;

/// <summary>
/// The files below a folder. Hidden files and folders are left out. Each real folder is looked into once: under its own
/// name where it lies below, else under that of the first link to it, so that links cannot lead in a circle or bring a
/// file twice.
/// </summary>
internal sealed class FolderWalk(LeftOutCounter leftOut)
{
    private static readonly EnumerationOptions s_options = new()
    {
        AttributesToSkip = FileAttributes.Hidden,
        IgnoreInaccessible = false,
    };

    private readonly HashSet<FileIdentity> _folders = [];
    private readonly SortedSet<string> _links = new(StringComparer.Ordinal);

    /// <summary>All files, in no order; what is no file is counted as left out.</summary>
    public IEnumerable<string> FilesBelow(string root)
    {
        foreach (string file in FilesOf(root))
            yield return file;
        while (_links.Min is { } link)
        {
            _links.Remove(link);
            foreach (string file in FilesOf(link))
                yield return file;
        }
    }

    /// <summary>Those below a folder; links to other folders are noted for later.</summary>
    private IEnumerable<string> FilesOf(string root)
    {
        var waiting = new Stack<string>([root]);
        while (waiting.TryPop(out string? folder))
        {
            if (FileStatus.Of(folder) is not { Kind: FileKind.Folder } status || !_folders.Add(status.Identity))
                continue;
            foreach (string path in EntriesOf(folder))
            {
                var kind = FileStatus.OfLink(path).Kind;
                if (kind == FileKind.Folder)
                {
                    waiting.Push(path);
                    continue;
                }
                if (kind == FileKind.Link)
                    kind = FileStatus.Of(path).Kind;
                // One that is not there any more, or leads nowhere, is missed by whoever reads it.
                if (kind is FileKind.Regular or FileKind.Missing)
                    yield return path;
                else if (kind == FileKind.Folder)
                    _links.Add(path);
                else
                    leftOut.Add(FileStatus.Word(kind), path);
            }
        }
    }

    private string[] EntriesOf(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(folder, "*", s_options)];
        }
        catch (DirectoryNotFoundException)
        {
            return []; // It went while we looked.
        }
        catch (UnauthorizedAccessException)
        {
            leftOut.Add("a folder that may not be read", folder);
            return [];
        }
    }
}
