using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lposs.Tools.Formats;

namespace Lposs.Tools.Batch;

/// <summary>
/// The folder of a batch's results, locked for this process: results where users look for them, the journal and what
/// else keeps a batch going in ".lposs". Parts of one collection share the folder, each with a journal, report and
/// error list of its own.
/// </summary>
internal sealed partial class BatchFolder : IDisposable
{
    /// <summary>Where the batch keeps its own files, in the folder of the results.</summary>
    public const string StateName = ".lposs";

    /// <summary>The class file, in the folder of the results.</summary>
    public const string ClassFileName = "classes.json";

    private readonly FileStream _lock;

    /// <summary>Makes the folder if it is not there, and locks the part of it.</summary>
    /// <exception cref="LpossException">Another process works on the same part, or the folder cannot be
    /// made.</exception>
    public BatchFolder(string folder, Shard shard)
    {
        Folder = Path.GetFullPath(folder);
        Shard = shard;
        string state = Path.Combine(Folder, StateName);
        try
        {
            Directory.CreateDirectory(state);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LpossException(
                LpossErrorCode.BatchFailed,
                $"cannot make the folder '{folder}': {error.Message}",
                error
            );
        }
        try
        {
            _lock = new FileStream(
                StatePath(Folder, shard, "lock", ""),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
        }
        catch (IOException error)
        {
            throw new LpossException(
                LpossErrorCode.BatchFailed,
                $"another process works in '{folder}'; wait for it, or name another folder.",
                error
            );
        }
    }

    /// <summary>The folder, as a full path.</summary>
    public string Folder { get; }

    /// <summary>The part.</summary>
    public Shard Shard { get; }

    /// <summary>The journal of this part.</summary>
    public string JournalPath => StatePath(Folder, Shard, "journal", ".jsonl");

    /// <summary>The report of this part.</summary>
    public string ReportPath => ReportPathOf(Folder, Shard);

    /// <summary>The failed images of this part.</summary>
    public string ErrorsPath => ErrorsPathOf(Folder, Shard);

    public static string JournalPathOf(string folder, Shard shard) => StatePath(folder, shard, "journal", ".jsonl");

    public static string ReportPathOf(string folder, Shard shard) =>
        shard.Count == 1 ? Path.Combine(folder, "run.json") : StatePath(folder, shard, "run", ".json");

    public static string ErrorsPathOf(string folder, Shard shard) =>
        shard.Count == 1 ? Path.Combine(folder, "errors.jsonl") : StatePath(folder, shard, "errors", ".jsonl");

    /// <summary>Where a result lies.</summary>
    public string PathOf(string result) => Path.Combine(Folder, result);

    /// <summary>Writes results, whole or not at all, and says what they are.</summary>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public IReadOnlyList<JournalOutput> Write(IReadOnlyList<ResultFile> results)
    {
        var written = new JournalOutput[results.Count];
        for (int i = 0; i < results.Count; i++)
        {
            var (path, contents) = results[i];
            string full = PathOf(path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            AtomicFile.Write(full, stream => stream.Write(contents.Span));
            written[i] = new JournalOutput(
                path,
                contents.Length,
                Convert.ToHexStringLower(SHA256.HashData(contents.Span))
            );
        }
        return written;
    }

    /// <summary>Whether an image's results are there as they were written.</summary>
    /// <param name="entry">The image.</param>
    /// <param name="withContents">Whether to compare contents, and not sizes alone.</param>
    public bool Holds(JournalEntry entry, bool withContents) =>
        entry.Outputs.All(output =>
        {
            var file = new FileInfo(PathOf(output.Path));
            if (!file.Exists || file.Length != output.Bytes)
                return false;
            if (!withContents)
                return true;
            using var stream = file.OpenRead();
            return Convert.ToHexStringLower(SHA256.HashData(stream)) == output.Sha256;
        });

    /// <summary>Removes what a killed batch left half-written: only files beside results of this batch, named as
    /// <see cref="AtomicFile"/> does.</summary>
    /// <param name="results">All results of this part.</param>
    public void RemoveLeftovers(IEnumerable<string> results)
    {
        string[] leftovers =
        [
            .. Directory
                .EnumerateFiles(
                    Folder,
                    ".*.tmp",
                    new EnumerationOptions
                    {
                        RecurseSubdirectories = true,
                        AttributesToSkip = FileAttributes.ReparsePoint,
                    }
                )
                .Where(path => Leftover().IsMatch(Path.GetFileName(path))),
        ];
        if (leftovers.Length == 0)
            return;
        HashSet<string> own = [.. results.Select(PathOf), ReportPath, ErrorsPath];
        foreach (string leftover in leftovers)
        {
            string target = Path.Combine(
                Path.GetDirectoryName(leftover)!,
                Leftover().Match(Path.GetFileName(leftover)).Groups["name"].Value
            );
            if (own.Contains(target))
                File.Delete(leftover);
        }
    }

    /// <summary>Writes the failed images, by name; removes the list where there are none.</summary>
    public void WriteErrors(IEnumerable<BatchError> errors)
    {
        BatchError[] sorted = [.. errors.OrderBy(error => error.Name, StringComparer.Ordinal)];
        if (sorted.Length == 0)
        {
            File.Delete(ErrorsPath);
            return;
        }
        AtomicFile.Write(
            ErrorsPath,
            stream =>
            {
                foreach (var error in sorted)
                {
                    JsonSerializer.Serialize(stream, error, BatchErrorJson.Default.BatchError);
                    stream.WriteByte((byte)'\n');
                }
            }
        );
    }

    /// <summary>Writes the report.</summary>
    public void WriteReport(BatchReport report) =>
        AtomicFile.Write(
            ReportPath,
            stream => JsonSerializer.Serialize(stream, report, BatchReportJson.Default.BatchReport)
        );

    public void Dispose() => _lock.Dispose();

    private static string StatePath(string folder, Shard shard, string name, string ending)
    {
        string part =
            shard.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"-{shard.Index}-of-{shard.Count}");
        return Path.Combine(folder, StateName, name + part + ending);
    }

    [GeneratedRegex(@"^\.(?<name>.+)\.[a-z0-9]{8}\.[a-z0-9]{3}\.tmp$")]
    private static partial Regex Leftover();
}
