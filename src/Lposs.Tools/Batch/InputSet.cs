using System.Text.RegularExpressions;
using Lposs.Files;

namespace Lposs.Tools.Batch;

/// <summary>
/// The images of a collection, from what a user names: files; folders; patterns with *, ? and **; lists, as "@list.txt"
/// with a path on each line; and uncompressed tars, WebDataset's shards, whose names may hold brace ranges such as
/// "shard-{000000..000012}.tar".
/// </summary>
public static class InputSet
{
    private static readonly HashSet<string> s_endings = new(StringComparer.OrdinalIgnoreCase)
    {
        ".jpg",
        ".jpeg",
        ".jpe",
        ".jfif",
        ".png",
        ".webp",
        ".tif",
        ".tiff",
        ".gif",
        ".avif",
    };

    /// <summary>Whether a name has the ending of an image.</summary>
    public static bool IsImage(string name) => s_endings.Contains(Path.GetExtension(name));

    /// <summary>Finds the images.</summary>
    /// <param name="arguments">What the user named.</param>
    /// <param name="output">The folder of the results, whose images do not count; null for none.</param>
    /// <param name="members">A pattern for the members of tars to take, such as "*.left.png", in any folder where it
    /// has no "/"; null for the images, of each of WebDataset's samples the one that is its image: "a.jpg" and not
    /// "a.seg.png".</param>
    /// <returns>The images; one that is named twice is there once.</returns>
    /// <exception cref="LpossException">Something named is not there, two images have one name, or there is
    /// none.</exception>
    public static CollectionInputs Expand(
        IReadOnlyList<string> arguments,
        string? output = null,
        string? members = null
    )
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var search = new InputSearch(
            members is null ? null : Glob.ToRegex(members.Contains('/') ? members : "**/" + members)
        );
        var results = output is null ? null : new FolderContents(output);
        var byName = new SortedDictionary<string, BatchInput>(StringComparer.Ordinal);
        int amongResults = 0;
        foreach (var input in arguments.SelectMany(search.Find))
        {
            if (results is not null && results.Has(input.Path))
                amongResults++;
            else if (!byName.TryAdd(input.Name, input) && !IsSame(byName[input.Name], input))
                throw new LpossException(
                    LpossErrorCode.BatchFailed,
                    $"'{byName[input.Name].Path}' and '{input.Path}' would both be called '{input.Name}'; run them "
                        + "into folders of their own"
                );
        }
        if (byName.Count > 0)
            return new CollectionInputs([.. byName.Values]) { Errors = search.Errors, LeftOut = search.LeftOut.Files };
        string named = string.Join(", ", arguments.Select(argument => $"'{argument}'"));
        throw new LpossException(
            LpossErrorCode.BatchFailed,
            amongResults > 0
                    ? $"every image in {named} lies in '{output}', the folder of the results; name another folder for "
                        + "them"
                : search.Errors.Count > 0 ? search.Errors[0].Reason
                : $"there are no images in {named}"
        );
    }

    private static bool IsSame(BatchInput first, BatchInput second) =>
        first == second
        || (
            first.Offset == second.Offset
            && FileStatus.Of(first.Path) is { Exists: true } status
            && status.Identity == FileStatus.Of(second.Path).Identity
        );
}

/// <summary>Looks for what a user names, and keeps what it meets on the way.</summary>
internal sealed class InputSearch(Regex? members)
{
    private const long MaxListBytes = 256 << 20;

    private readonly List<BatchError> _errors = [];

    /// <summary>What could not be looked into.</summary>
    public IReadOnlyList<BatchError> Errors => _errors;

    public LeftOutCounter LeftOut { get; } = new();

    public IEnumerable<BatchInput> Find(string argument)
    {
        if (argument.StartsWith('@'))
            return ReadList(argument[1..]).SelectMany(Find);
        // What exists is meant as it is written, brackets, braces and stars in its name among it.
        if (Path.Exists(argument))
            return FindExisting(argument);
        string[] paths = [.. BraceRange.Expand(argument)];
        if (paths.Length > 1)
            return paths.SelectMany(Find);
        return Glob.IsPattern(argument)
            ? FindPattern(argument)
            : throw new LpossException(LpossErrorCode.BatchFailed, $"'{argument}' does not exist");
    }

    private static bool IsTar(string path) =>
        Path.GetExtension(path).Equals(".tar", StringComparison.OrdinalIgnoreCase);

    private IEnumerable<BatchInput> FindExisting(string path)
    {
        if (Directory.Exists(path))
            return Files(new FolderWalk(LeftOut).FilesBelow(path), path);
        return IsTar(path) ? ReadTar(path) : [new BatchInput(Path.GetFileName(path), path)];
    }

    private IEnumerable<BatchInput> Files(IEnumerable<string> paths, string root)
    {
        foreach (string path in paths)
        {
            if (InputSet.IsImage(path))
                yield return new BatchInput(Path.GetRelativePath(root, path), path);
            else
                LeftOut.AddByEnding(path);
        }
    }

    private BatchInput[] FindPattern(string pattern)
    {
        var (root, matches) = Glob.Find(pattern, LeftOut);
        string[] paths = [.. matches];
        if (paths.Length == 0)
            throw new LpossException(LpossErrorCode.BatchFailed, $"nothing matches '{pattern}'");
        return [.. paths.Where(IsTar).SelectMany(ReadTar), .. Files(paths.Where(path => !IsTar(path)), root)];
    }

    private IReadOnlyList<BatchInput> ReadTar(string path)
    {
        var (images, error) = TarIndex.Read(path, members, LeftOut);
        if (error is not null)
            _errors.Add(error);
        return images;
    }

    /// <summary>A path on each line, relative to the list's folder; empty lines and those that begin with "#" do not
    /// count.</summary>
    private static IEnumerable<string> ReadList(string list)
    {
        if (list.Length == 0)
            throw new LpossException(LpossErrorCode.BatchFailed, "'@' names no list; write @FILE");
        if (!Path.Exists(list))
            throw new LpossException(LpossErrorCode.BatchFailed, $"the list '{list}' does not exist");
        string folder = Path.GetDirectoryName(Path.GetFullPath(list))!;
        foreach (string line in SmallFile.ReadLines(list, MaxListBytes, LpossErrorCode.BatchFailed, mayBePipe: true))
        {
            string path = line.Trim();
            if (path.StartsWith('@'))
                throw new LpossException(
                    LpossErrorCode.BatchFailed,
                    $"the list '{list}' names another list, '{path}'; name both on the command line"
                );
            if (path.Length > 0 && path[0] != '#')
                yield return Path.Combine(folder, path);
        }
    }
}
