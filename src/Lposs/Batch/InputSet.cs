namespace Lposs.Batch;

/// <summary>The pictures of a collection, from what a user names: files and folders.</summary>
public static class InputSet
{
    private static readonly HashSet<string> s_endings = new(StringComparer.OrdinalIgnoreCase)
    {
        ".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".gif",
    };

    /// <summary>Finds the pictures.</summary>
    /// <param name="arguments">Files, and folders whose pictures are found by their endings, sub-folders among them.</param>
    /// <param name="output">The folder of the results, whose pictures do not count; null for none.</param>
    /// <returns>In ordinal order of names; a picture that is named twice is there once.</returns>
    /// <exception cref="BatchException">Something named is not there, two pictures have one name, or there is none.</exception>
    public static IReadOnlyList<BatchInput> Expand(IReadOnlyList<string> arguments, string? output = null)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        string? excluded = output is null ? null : Path.GetFullPath(output) + "/";
        var byName = new SortedDictionary<string, BatchInput>(StringComparer.Ordinal);
        foreach (var input in arguments.SelectMany(argument => Find(argument, excluded)))
        {
            if (!byName.TryAdd(input.Name, input) && Path.GetFullPath(byName[input.Name].Path) != Path.GetFullPath(input.Path))
                throw new BatchException($"'{byName[input.Name].Path}' and '{input.Path}' would both be called '{input.Name}'; run them into folders of their own");
        }
        return byName.Count > 0 ? [.. byName.Values] : throw new BatchException($"there are no pictures in {string.Join(", ", arguments.Select(argument => $"'{argument}'"))}");
    }

    private static IEnumerable<BatchInput> Find(string argument, string? excluded)
    {
        if (File.Exists(argument))
            return [new BatchInput(Path.GetFileName(argument), argument)];
        if (!Directory.Exists(argument))
            throw new BatchException($"'{argument}' does not exist");
        return Directory.EnumerateFiles(argument, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden })
            .Where(path => s_endings.Contains(Path.GetExtension(path)))
            .Where(path => excluded is null || !Path.GetFullPath(path).StartsWith(excluded, StringComparison.Ordinal))
            .Select(path => new BatchInput(Path.GetRelativePath(argument, path), path));
    }
}
