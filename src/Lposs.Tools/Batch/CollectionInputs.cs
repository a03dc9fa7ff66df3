namespace Lposs.Tools.Batch;

/// <summary>The images of a collection, and what was found beside them.</summary>
/// <param name="Images">In ordinal order of names, each name once.</param>
public sealed record CollectionInputs(IReadOnlyList<BatchInput> Images)
{
    /// <summary>What could not be looked into, such as a damaged tar; the images beside it are there.</summary>
    public IReadOnlyList<BatchError> Errors { get; init; } = [];

    /// <summary>Files that were found and are no images, by their kind.</summary>
    public IReadOnlyList<LeftOutFiles> LeftOut { get; init; } = [];
}

/// <summary>Files of one kind that were found among the images and left out.</summary>
/// <param name="Kind">Their ending, such as ".txt"; or what they are, such as "a pipe".</param>
/// <param name="Count">How many.</param>
/// <param name="Example">The first by name.</param>
public sealed record LeftOutFiles(string Kind, int Count, string Example);

/// <summary>Counts what is left out.</summary>
internal sealed class LeftOutCounter
{
    private readonly SortedDictionary<string, (int Count, string Example)> _kinds = new(StringComparer.Ordinal);

    public IReadOnlyList<LeftOutFiles> Files =>
        [.. _kinds.Select(kind => new LeftOutFiles(kind.Key, kind.Value.Count, kind.Value.Example))];

    public void Add(string kind, string path)
    {
        var (count, example) = _kinds.GetValueOrDefault(kind, (0, path));
        _kinds[kind] = (count + 1, string.CompareOrdinal(path, example) < 0 ? path : example);
    }

    /// <summary>Adds a file that is no image by its name.</summary>
    public void AddByEnding(string path)
    {
        string ending = Path.GetExtension(path).ToLowerInvariant();
        Add(ending.Length > 1 ? ending : "without an ending", path);
    }
}
