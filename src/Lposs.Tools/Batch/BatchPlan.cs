using Lposs.Tools.Formats;

namespace Lposs.Tools.Batch;

/// <summary>What a batch has to do: the images of its part, without those that are done and those that cannot
/// be.</summary>
internal sealed class BatchPlan
{
    private readonly Dictionary<string, BatchInput> _inputs;
    private readonly Dictionary<string, (int Width, int Height)> _done = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BatchError> _failed;

    /// <param name="inputs">The whole collection, in ordinal order of names.</param>
    /// <param name="shard">The part of it.</param>
    /// <param name="formats">The formats of the results.</param>
    /// <exception cref="LpossException">Two images would have one result.</exception>
    public BatchPlan(IReadOnlyList<BatchInput> inputs, Shard shard, IReadOnlyList<IResultFormat> formats)
    {
        Formats = formats;
        _failed = ResultPaths.FindUnwritable(inputs, formats);
        Inputs = [.. inputs.Where(input => shard.Contains(input.Name))];
        _inputs = Inputs.ToDictionary(input => input.Name, StringComparer.Ordinal);
    }

    /// <summary>The images of the part, in ordinal order of names.</summary>
    public IReadOnlyList<BatchInput> Inputs { get; }

    /// <summary>The formats of the results.</summary>
    public IReadOnlyList<IResultFormat> Formats { get; }

    /// <summary>How many are done.</summary>
    public int DoneCount => _done.Count;

    /// <summary>Images of the part whose results could not be written, in order.</summary>
    public IEnumerable<BatchError> Errors =>
        Inputs.Where(input => _failed.ContainsKey(input.Name)).Select(input => _failed[input.Name]);

    /// <summary>Those that are left, in order.</summary>
    public IEnumerable<BatchInput> Remaining =>
        Inputs.Where(input => !_done.ContainsKey(input.Name) && !_failed.ContainsKey(input.Name));

    /// <summary>Those that are done, in order.</summary>
    public IEnumerable<FinishedImage> Finished =>
        from input in Inputs
        where _done.ContainsKey(input.Name)
        select new FinishedImage(input.Name, input.Stem, _done[input.Name].Width, _done[input.Name].Height);

    /// <summary>Every result of the part.</summary>
    public IEnumerable<string> Results =>
        from input in Inputs
        where !_failed.ContainsKey(input.Name)
        from format in Formats
        from path in format.Paths(input.Stem)
        select path;

    /// <summary>The image of a name; null where the part has none.</summary>
    public BatchInput? Find(string name) => _inputs.GetValueOrDefault(name);

    /// <summary>Whether an image is done.</summary>
    public bool IsDone(string name) => _done.ContainsKey(name);

    /// <summary>Records an image as done.</summary>
    public void MarkDone(string name, int width, int height) => _done[name] = (width, height);

    /// <summary>Records an image as not done after all.</summary>
    public void MarkUndone(string name) => _done.Remove(name);
}

/// <summary>Whether the results of a collection can all be written.</summary>
internal static class ResultPaths
{
    // What the batch and its formats write for the whole collection.
    private static readonly string[] s_ofCollection =
    [
        BatchFolder.ClassFileName,
        BatchFolder.ReportName,
        BatchFolder.ErrorsName,
        "coco.json",
        "panoptic.json",
        "cvat.zip",
        "yolo/data.yaml",
    ];

    /// <summary>Images whose results cannot have the names that they would have, by their names.</summary>
    /// <exception cref="LpossException">Two images would have one result.</exception>
    public static Dictionary<string, BatchError> FindUnwritable(
        IReadOnlyList<BatchInput> inputs,
        IReadOnlyList<IResultFormat> formats
    )
    {
        var failed = new Dictionary<string, BatchError>(StringComparer.Ordinal);
        var writers = s_ofCollection.ToDictionary(path => path, _ => (string?)null, StringComparer.Ordinal);
        foreach (var input in inputs)
        {
            try
            {
                foreach (string path in formats.SelectMany(format => format.Paths(input.Stem)))
                    Add(writers, path, input.Name);
            }
            catch (LpossException error) when (error.Code == LpossErrorCode.InvalidArgument)
            {
                failed[input.Name] = new BatchError(input.Name, "name", error.Message);
            }
        }
        foreach (var (path, name) in writers)
        {
            // The image whose result is the file is done; the one in the folder is not, whichever comes first.
            if (name is not null && FoldersOf(path).FirstOrDefault(writers.ContainsKey) is { } file)
                failed.TryAdd(
                    name,
                    new BatchError(
                        name,
                        "name",
                        $"its result '{path}' needs a folder '{file}', which is "
                            + (writers[file] is { } other ? $"the result of '{other}'" : "a file of the collection")
                            + "; rename one, or run them into folders of their own"
                    )
                );
        }
        return failed;
    }

    private static void Add(Dictionary<string, string?> writers, string path, string name)
    {
        if (!writers.TryAdd(path, name))
            throw new LpossException(
                LpossErrorCode.BatchFailed,
                $"'{writers[path]}' and '{name}' would both be written to '{path}'; rename one, or run them into "
                    + "folders of their own"
            );
    }

    private static IEnumerable<string> FoldersOf(string path)
    {
        for (int slash = path.IndexOf('/'); slash > 0; slash = path.IndexOf('/', slash + 1))
            yield return path[..slash];
    }
}
