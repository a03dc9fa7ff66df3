using Lposs.Tools.Formats;

namespace Lposs.Tools.Batch;

/// <summary>What a batch has to do: the images of its part, without those that are done.</summary>
internal sealed class BatchPlan
{
    private readonly Dictionary<string, (int Width, int Height)> _done = new(StringComparer.Ordinal);

    /// <param name="inputs">The whole collection, in ordinal order of names.</param>
    /// <param name="shard">The part of it.</param>
    /// <param name="formats">The formats of the results.</param>
    /// <exception cref="LpossException">Two images would have one result.</exception>
    public BatchPlan(IReadOnlyList<BatchInput> inputs, Shard shard, IReadOnlyList<IResultFormat> formats)
    {
        RefuseCollisions(inputs, formats);
        Inputs = [.. inputs.Where(input => shard.Contains(input.Name))];
        Formats = formats;
    }

    /// <summary>The images of the part, in ordinal order of names.</summary>
    public IReadOnlyList<BatchInput> Inputs { get; }

    /// <summary>The formats of the results.</summary>
    public IReadOnlyList<IResultFormat> Formats { get; }

    /// <summary>How many are done.</summary>
    public int DoneCount => _done.Count;

    /// <summary>Those that are left, in order.</summary>
    public IEnumerable<BatchInput> Remaining => Inputs.Where(input => !_done.ContainsKey(input.Name));

    /// <summary>Those that are done, in order.</summary>
    public IEnumerable<FinishedImage> Finished =>
        from input in Inputs
        where _done.ContainsKey(input.Name)
        select new FinishedImage(input.Name, input.Stem, _done[input.Name].Width, _done[input.Name].Height);

    /// <summary>Every result of the part.</summary>
    public IEnumerable<string> Results =>
        Inputs.SelectMany(input => Formats.SelectMany(format => format.Paths(input.Stem)));

    /// <summary>Records an image as done.</summary>
    public void MarkDone(string name, int width, int height) => _done[name] = (width, height);

    /// <summary>Records an image as not done after all.</summary>
    public void MarkUndone(string name) => _done.Remove(name);

    private static void RefuseCollisions(IReadOnlyList<BatchInput> inputs, IReadOnlyList<IResultFormat> formats)
    {
        var writers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var input in inputs)
        {
            foreach (string path in formats.SelectMany(format => format.Paths(input.Stem)))
            {
                if (!writers.TryAdd(path, input.Name))
                    throw new LpossException(
                        LpossErrorCode.BatchFailed,
                        $"'{writers[path]}' and '{input.Name}' would both be written to '{path}'; rename one, or run "
                            + "them into folders of their own"
                    );
            }
        }
    }
}
