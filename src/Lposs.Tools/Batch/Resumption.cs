namespace Lposs.Tools.Batch;

/// <summary>
/// Compares what a journal records with what is on the disk: what is done stays, what is gone or changed is done again.
/// </summary>
internal sealed class Resumption(BatchPlan plan, BatchFolder folder, BatchOptions options)
{
    private readonly SortedSet<string> _changed = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _withoutImage = new(StringComparer.Ordinal);

    /// <summary>Images whose files have another time and the same contents; to be recorded anew.</summary>
    public List<JournalEntry> Touched { get; } = [];

    /// <summary>What a user should know, in sentences.</summary>
    public IReadOnlyList<string> Notes
    {
        get
        {
            var notes = new List<string>();
            if (_changed.Count > 0)
                notes.Add(
                    $"{Count(_changed, "image")} changed since {(_changed.Count == 1 ? "it was" : "they were")} done "
                        + $"({Names(_changed)}); done again"
                );
            if (_withoutImage.Count > 0)
                notes.Add(
                    $"the folder holds results of {Count(_withoutImage, "image")} that the collection does not have "
                        + $"({Names(_withoutImage)}); they are left as they are and not counted"
                );
            return notes;
        }
    }

    /// <summary>Takes a line of the journal; the last one of an image counts.</summary>
    public void Take(JournalEntry entry)
    {
        plan.MarkUndone(entry.Name);
        _changed.Remove(entry.Name);
        if (plan.Find(entry.Name) is not { } input)
        {
            _withoutImage.Add(entry.Name);
            return;
        }
        if (!folder.Holds(entry, options.VerifyResults))
            return;
        if (entry.Input.StillOf(input, options.VerifyResults, options.MostFileBytes) is not { } now)
        {
            _changed.Add(entry.Name);
            return;
        }
        if (now != entry.Input)
            Touched.Add(entry with { Input = now });
        plan.MarkDone(entry.Name, entry.Width, entry.Height);
    }

    /// <summary>Counts on the disk what the journal says is done.</summary>
    /// <exception cref="LpossException">Results are gone.</exception>
    public void RequireResults()
    {
        var gone = new SortedSet<string>(StringComparer.Ordinal);
        int found = 0;
        Journal.Read(
            folder.JournalPath,
            entry =>
            {
                if (!plan.IsDone(entry.Name))
                    return;
                found++;
                // A later line of the same image may be the one that is true.
                if (folder.Holds(entry, withContents: false))
                    gone.Remove(entry.Name);
                else
                    gone.Add(entry.Name);
            }
        );
        if (gone.Count > 0 || found < plan.DoneCount)
            throw new LpossException(
                LpossErrorCode.BatchFailed,
                $"results vanished from '{folder.Folder}' while the batch went on: those of "
                    + $"{Math.Max(gone.Count, plan.DoneCount - found)} of {plan.DoneCount} images that were done"
                    + $"{(gone.Count > 0 ? $" ({Names(gone)})" : "")}. The same command does them again."
            );
    }

    private static string Count(SortedSet<string> names, string what) =>
        $"{names.Count} {what}{(names.Count == 1 ? "" : "s")}";

    private static string Names(SortedSet<string> names)
    {
        const int Shown = 3;
        return string.Join(", ", names.Take(Shown).Select(name => $"'{name}'"))
            + (names.Count > Shown ? $" and {names.Count - Shown} more" : "");
    }
}
