using System.Globalization;
using System.Text.Json;
using Lposs.Files;
using Lposs.Tools.Formats;

namespace Lposs.Tools.Batch;

/// <summary>
/// Joins the parts of a collection that were done by several processes into one folder: their reports and lists of
/// failed images become one, and formats with files for the whole collection are assembled. What results is, but for
/// times, what one process would have made.
/// </summary>
public static class ShardMerge
{
    private const long MaxReportBytes = 64 << 20;
    private const long MaxErrorsBytes = 1 << 30;

    /// <summary>Settings that the merge itself needs.</summary>
    private static readonly string[] s_settings = ["shard", "formats"];

    /// <summary>Joins the parts.</summary>
    /// <param name="folder">The folder that all parts wrote to.</param>
    /// <returns>The report of all parts together, also written to the folder.</returns>
    /// <exception cref="LpossException">There are no parts, one is missing, unfinished or still at work, or they differ
    /// in their settings.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static BatchReport Run(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string full = Path.GetFullPath(folder);
        int count = CountOf(folder, full);
        Shard[] shards = [.. Enumerable.Range(0, count).Select(index => new Shard(index, count))];
        RequireFinished(folder, full, shards);
        // Nothing may change under the merge.
        var locks = new List<BatchFolder>();
        try
        {
            locks.AddRange(shards.Select(shard => new BatchFolder(full, shard)));
            BatchReport[] reports = [.. shards.Select(shard => ReadReport(BatchFolder.ReportPathOf(full, shard)))];
            RequireSameSettings(reports);
            return Join(full, shards, reports);
        }
        finally
        {
            locks.ForEach(part => part.Dispose());
        }
    }

    private static int CountOf(string folder, string full)
    {
        string state = Path.Combine(full, BatchFolder.StateName);
        int[] counts = !Directory.Exists(state)
            ? []
            :
            [
                .. Directory
                    .EnumerateFiles(state, "journal-*-of-*.jsonl")
                    .Select(path => Path.GetFileNameWithoutExtension(path).Split('-')[^1])
                    .Select(text =>
                        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : 0
                    )
                    .Where(count => count is > 1 and <= Shard.MostShards)
                    .Distinct(),
            ];
        return counts.Length switch
        {
            1 => counts[0],
            0 => throw new LpossException(LpossErrorCode.BatchFailed, $"'{folder}' holds no parts of a batch."),
            _ => throw new LpossException(
                LpossErrorCode.BatchFailed,
                $"'{folder}' holds parts of batches in {string.Join(" and in ", counts.Order())} parts; one collection "
                    + "is split in one way"
            ),
        };
    }

    private static void RequireFinished(string folder, string full, Shard[] shards)
    {
        string[] unfinished =
        [
            .. shards
                .Where(shard =>
                    !File.Exists(BatchFolder.ReportPathOf(full, shard))
                    || !ReadReport(BatchFolder.ReportPathOf(full, shard)).IsComplete
                )
                .Select(shard => shard.Index.ToString(CultureInfo.InvariantCulture)),
        ];
        if (unfinished.Length > 0)
            throw new LpossException(
                LpossErrorCode.BatchFailed,
                $"of the {shards.Length} parts in '{folder}', {string.Join(", ", unfinished)} "
                    + $"{(unfinished.Length == 1 ? "is" : "are")} missing or unfinished; run "
                    + $"{(unfinished.Length == 1 ? "it" : "them")} again"
            );
    }

    private static void RequireSameSettings(BatchReport[] reports)
    {
        var first = WithoutShard(reports[0]);
        foreach (var report in reports)
        {
            string[] differences = [.. WithoutShard(report).DifferencesFrom(first)];
            if (differences.Length > 0)
                throw new LpossException(
                    LpossErrorCode.BatchFailed,
                    $"part {report.Settings["shard"]} was made with another {string.Join(", ", differences)} than "
                        + $"part {reports[0].Settings["shard"]}; run it again with the same"
                );
        }
    }

    private static BatchFingerprint WithoutShard(BatchReport report) =>
        new(report.Settings.Where(setting => setting.Key != "shard"));

    private static BatchReport Join(string folder, Shard[] shards, BatchReport[] reports)
    {
        var finished = new SortedDictionary<string, FinishedImage>(StringComparer.Ordinal);
        foreach (var shard in shards)
        {
            Journal.Read(
                BatchFolder.JournalPathOf(folder, shard),
                entry =>
                    finished[entry.Name] = new FinishedImage(
                        entry.Name,
                        BatchInput.StemOf(entry.Name),
                        entry.Width,
                        entry.Height
                    )
            );
        }
        var classes = ReadClasses(Path.Combine(folder, BatchFolder.ClassFileName));
        foreach (string name in reports[0].Settings["formats"].Split(','))
        {
            if (ResultFormats.Create(name, classes) is ICollectionFormat format)
                format.Assemble(folder, finished.Values, classes);
        }

        var report = Sum(reports);
        using var whole = new BatchFolder(folder, Shard.Whole);
        whole.WriteErrors(shards.SelectMany(shard => ReadErrors(BatchFolder.ErrorsPathOf(folder, shard))));
        whole.WriteReport(report);
        return report;
    }

    private static BatchReport Sum(BatchReport[] reports) =>
        reports[0] with
        {
            Settings = WithoutShard(reports[0]).Settings.SetItem("shard", "0/1"),
            Device = string.Join("; ", reports.Select(report => report.Device).Distinct()),
            DeviceReason = string.Join("; ", reports.Select(report => report.DeviceReason).Distinct()),
            Backend = string.Join("; ", reports.Select(report => report.Backend).Distinct()),
            Inputs = reports.Sum(report => report.Inputs),
            DoneBefore = reports.Sum(report => report.DoneBefore),
            Done = reports.Sum(report => report.Done),
            Failed = reports.Sum(report => report.Failed),
            // Parts run side by side.
            Seconds = reports.Max(report => report.Seconds),
            Stages =
            [
                .. reports
                    .SelectMany(report => report.Stages)
                    .GroupBy(stage => stage.Name)
                    .Select(stages => new StageReport(
                        stages.Key,
                        stages.Sum(stage => stage.Workers),
                        stages.Sum(stage => stage.Images),
                        stages.Sum(stage => stage.BusySeconds)
                    )),
            ],
            MemoryBudget = reports.Max(report => report.MemoryBudget),
            MemoryBudgetPeak = reports.Max(report => report.MemoryBudgetPeak),
            PeakMemory = reports.Max(report => report.PeakMemory),
            Warnings = [.. reports.SelectMany(report => report.Warnings).Distinct()],
            ImageWarnings = [.. reports.SelectMany(report => report.ImageWarnings)],
        };

    private static ClassList ReadClasses(string path)
    {
        try
        {
            return ClassList.Load(path);
        }
        catch (LpossException error)
        {
            // Nobody named this file on a command line: it is a damaged result.
            throw Damaged(path, error.Message, error);
        }
    }

    private static BatchReport ReadReport(string path)
    {
        byte[] bytes = SmallFile.ReadBytes(path, MaxReportBytes, LpossErrorCode.BatchFailed);
        try
        {
            var report = JsonSerializer.Deserialize(bytes, BatchReportJson.Default.BatchReport);
            // What has a default may be missing all the same.
            if (report?.LeftOut is null || report.DeviceReason is null || !s_settings.All(report.Settings.ContainsKey))
                throw new JsonException("parts of it are missing");
            return report.Settings["formats"].Split(',').All(ResultFormats.Names.Contains)
                ? report
                : throw new JsonException("it names a format that there is not");
        }
        catch (JsonException error)
        {
            throw Damaged(path, error.Message, error);
        }
    }

    private static IEnumerable<BatchError> ReadErrors(string path)
    {
        if (!File.Exists(path))
            yield break;
        int number = 0;
        foreach (string line in SmallFile.ReadLines(path, MaxErrorsBytes, LpossErrorCode.BatchFailed))
        {
            number++;
            BatchError? error = null;
            try
            {
                error = JsonSerializer.Deserialize(line, BatchErrorJson.Default.BatchError);
            }
            catch (JsonException)
            {
                // Said below.
            }
            yield return error ?? throw Damaged(path, $"line {number} names no failed image", null);
        }
    }

    private static LpossException Damaged(string path, string reason, Exception? cause) =>
        new(
            LpossErrorCode.BatchFailed,
            $"'{path}' is damaged ({reason.TrimEnd('.')}); delete it and run its part of the batch again",
            cause
        );
}
