using Lposs.Tools.Batch;

namespace Lposs.Tools.Evaluation;

/// <summary>An image's label maps.</summary>
/// <param name="Name">What both are called, without ending.</param>
/// <param name="Truth">The file of the true labels.</param>
/// <param name="Prediction">The file of the predicted ones.</param>
internal sealed record LabelPair(string Name, string Truth, string Prediction);

/// <summary>Finds label maps of the same images in two folders, and reads them.</summary>
internal static class LabelPairs
{
    private const int MostNamed = 3;

    /// <summary>Pairs files by their names below the folders, endings taken off.</summary>
    /// <param name="predictions">A folder, or one file.</param>
    /// <param name="truths">A folder, or one file if <paramref name="predictions"/> is one.</param>
    /// <param name="predictionEnding">What predictions end with; other files do not count.</param>
    /// <param name="truthEnding">What truths end with; other files do not count.</param>
    /// <returns>In ordinal order of names: one for every truth.</returns>
    /// <exception cref="LpossException">A folder is missing or empty, or a truth has no prediction; the message names
    /// it.</exception>
    public static IReadOnlyList<LabelPair> Find(
        string predictions,
        string truths,
        string predictionEnding = ".png",
        string truthEnding = ".png"
    )
    {
        if (File.Exists(predictions) && File.Exists(truths))
            return [new LabelPair(Path.GetFileName(truths), truths, predictions)];
        var predicted = ByName(predictions, predictionEnding);
        var known = ByName(truths, truthEnding);
        string[] missing = [.. known.Keys.Where(name => !predicted.ContainsKey(name))];
        if (missing.Length > 0)
        {
            string more = missing.Length > MostNamed ? $" and {missing.Length - MostNamed} more" : "";
            throw new LpossException(
                LpossErrorCode.InvalidDataset,
                $"'{predictions}' lacks "
                    + string.Join(", ", missing.Take(MostNamed).Select(name => $"'{name}{predictionEnding}'"))
                    + $"{more}, "
                    + $"of which '{truths}' holds the truth"
            );
        }
        return [.. known.Select(truth => new LabelPair(truth.Key, truth.Value, predicted[truth.Key]))];
    }

    /// <summary>
    /// The true labels as the field reduces them where 0 means "other": 0 is ignored, every other label is one less,
    /// and what is ignored stays so.
    /// </summary>
    public static LabelMap ReduceZeroLabel(LabelMap truth, int ignore = 255)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ushort[] labels = truth.Labels.ToArray();
        foreach (ref ushort label in labels.AsSpan())
            label = label == 0 || label == ignore ? (ushort)ignore : (ushort)(label - 1);
        return new LabelMap(truth.Width, truth.Height, labels);
    }

    private static SortedDictionary<string, string> ByName(string folder, string ending)
    {
        if (!Directory.Exists(folder))
            throw new LpossException(
                LpossErrorCode.InvalidDataset,
                $"'{folder}' is not a folder; it must be one of label maps"
            );
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var found = new FolderWalk(new LeftOutCounter()).FilesBelow(folder);
        foreach (string path in found.Where(path => path.EndsWith(ending, StringComparison.Ordinal)))
            files[Path.GetRelativePath(folder, path)[..^ending.Length]] = path;
        return files.Count > 0
            ? files
            : throw new LpossException(
                LpossErrorCode.InvalidDataset,
                $"'{folder}' holds no file that ends with '{ending}'"
            );
    }
}
