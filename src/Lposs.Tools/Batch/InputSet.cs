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
        ".png",
        ".webp",
        ".tif",
        ".tiff",
        ".gif",
    };

    /// <summary>Whether a name has the ending of an image.</summary>
    public static bool IsImage(string name) => s_endings.Contains(Path.GetExtension(name));

    /// <summary>Finds the images.</summary>
    /// <param name="arguments">What the user named.</param>
    /// <param name="output">The folder of the results, whose images do not count; null for none.</param>
    /// <returns>In ordinal order of names; an image that is named twice is there once.</returns>
    /// <exception cref="LpossException">Something named is not there or damaged, two images have one name, or there is
    /// none.</exception>
    public static IReadOnlyList<BatchInput> Expand(IReadOnlyList<string> arguments, string? output = null)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        string? excluded = output is null ? null : Path.GetFullPath(output) + "/";
        var byName = new SortedDictionary<string, BatchInput>(StringComparer.Ordinal);
        foreach (var input in arguments.SelectMany(Find))
        {
            if (excluded is not null && Path.GetFullPath(input.Path).StartsWith(excluded, StringComparison.Ordinal))
                continue;
            if (!byName.TryAdd(input.Name, input) && !IsSame(byName[input.Name], input))
                throw new LpossException(
                    LpossErrorCode.BatchFailed,
                    $"'{byName[input.Name].Path}' and '{input.Path}' would both be called '{input.Name}'; run them "
                        + "into folders of their own"
                );
        }
        return byName.Count > 0
            ? [.. byName.Values]
            : throw new LpossException(
                LpossErrorCode.BatchFailed,
                $"there are no images in {string.Join(", ", arguments.Select(argument => $"'{argument}'"))}"
            );
    }

    private static bool IsSame(BatchInput first, BatchInput second) =>
        first.Offset == second.Offset && Path.GetFullPath(first.Path) == Path.GetFullPath(second.Path);

    private static IEnumerable<BatchInput> Find(string argument)
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

    private static IEnumerable<BatchInput> FindExisting(string path)
    {
        if (Directory.Exists(path))
            return FindInFolder(path);
        if (Path.GetExtension(path).Equals(".tar", StringComparison.OrdinalIgnoreCase))
            return TarIndex.Read(path);
        return [new BatchInput(Path.GetFileName(path), path)];
    }

    private static IEnumerable<BatchInput> FindInFolder(string folder) =>
        Glob.FilesBelow(folder)
            .Where(path => IsImage(path))
            .Select(path => new BatchInput(Path.GetRelativePath(folder, path), path));

    private static BatchInput[] FindPattern(string pattern)
    {
        var (root, matches) = Glob.Find(pattern);
        BatchInput[] found =
        [
            .. matches.SelectMany(path =>
                Path.GetExtension(path).Equals(".tar", StringComparison.OrdinalIgnoreCase) ? TarIndex.Read(path)
                : IsImage(path) ? [new BatchInput(Path.GetRelativePath(root, path), path)]
                : []
            ),
        ];
        return found.Length > 0
            ? found
            : throw new LpossException(LpossErrorCode.BatchFailed, $"nothing matches '{pattern}'");
    }

    /// <summary>A path on each line, relative to the list's folder; empty lines do not count.</summary>
    private static IEnumerable<string> ReadList(string list)
    {
        if (!File.Exists(list))
            throw new LpossException(LpossErrorCode.BatchFailed, $"the list '{list}' does not exist");
        string folder = Path.GetDirectoryName(Path.GetFullPath(list))!;
        foreach (string line in File.ReadLines(list))
        {
            string path = line.Trim();
            if (path.StartsWith('@'))
                throw new LpossException(
                    LpossErrorCode.BatchFailed,
                    $"the list '{list}' names another list, '{path}'; name both on the command line"
                );
            if (path.Length > 0)
                yield return Path.Combine(folder, path);
        }
    }
}
