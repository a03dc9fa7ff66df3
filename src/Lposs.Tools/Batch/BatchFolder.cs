using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Lposs.Files;
using Lposs.Tools.Formats;

namespace Lposs.Tools.Batch;

/// <summary>
/// The folder of a batch's results, locked for this process: results where users look for them, the journal and what
/// else keeps a batch going in ".lposs". Parts of one collection share the folder, each with a journal, report and
/// error list of its own.
/// </summary>
internal sealed class BatchFolder : IDisposable
{
    /// <summary>Where the batch keeps its own files, in the folder of the results.</summary>
    public const string StateName = ".lposs";

    /// <summary>The class file, in the folder of the results.</summary>
    public const string ClassFileName = "classes.json";

    /// <summary>The report, in the folder of the results.</summary>
    public const string ReportName = "run.json";

    /// <summary>The failed images, in the folder of the results.</summary>
    public const string ErrorsName = "errors.jsonl";

    private readonly FileStream _lock;
    private readonly FileIdentity _identity;
    private readonly FileIdentity _stateIdentity;

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
            (_identity, _stateIdentity) = (FileStatus.Of(Folder).Identity, FileStatus.Of(state).Identity);
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
        shard.Count == 1 ? Path.Combine(folder, ReportName) : StatePath(folder, shard, "run", ".json");

    public static string ErrorsPathOf(string folder, Shard shard) =>
        shard.Count == 1 ? Path.Combine(folder, ErrorsName) : StatePath(folder, shard, "errors", ".jsonl");

    /// <summary>Where a result lies.</summary>
    public string PathOf(string result) => Path.Combine(Folder, result);

    /// <summary>Refuses to go on in a folder that is not the one where the batch began.</summary>
    /// <exception cref="LpossException">It was deleted or replaced.</exception>
    public void RequireSame()
    {
        if (
            FileStatus.Of(Folder).Identity != _identity
            || FileStatus.Of(Path.Combine(Folder, StateName)).Identity != _stateIdentity
        )
            throw new LpossException(
                LpossErrorCode.BatchFailed,
                $"the folder '{Folder}' was deleted or replaced while the batch wrote into it; what it held is gone. "
                    + "The same command begins anew."
            );
    }

    /// <summary>Refuses to write over a file that is read.</summary>
    /// <param name="guard">The files that are read.</param>
    /// <param name="results">All results of this part.</param>
    /// <exception cref="LpossException">A result is one of them.</exception>
    public void RequireNoInput(FileGuard guard, IEnumerable<string> results)
    {
        if (
            results.Append(ReportName).Append(ErrorsName).FirstOrDefault(path => guard.WouldReplace(PathOf(path))) is
            { } path
        )
            throw new LpossException(
                LpossErrorCode.BatchFailed,
                $"'{PathOf(path)}', a result, would replace a file that is read; name another folder for the results"
            );
    }

    /// <summary>Writes results, whole or not at all, and says what they are.</summary>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="LpossException">The folder was deleted or replaced.</exception>
    public IReadOnlyList<JournalOutput> Write(IReadOnlyList<ResultFile> results)
    {
        RequireSame();
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

    /// <summary>Removes what killed batches left half-written.</summary>
    public void RemoveLeftovers() => AtomicFile.RemoveLeftovers(Folder, withFoldersBelow: true);

    /// <summary>Writes the class file, unless it is there as it would be written.</summary>
    public void WriteClasses(ClassList classes)
    {
        string path = PathOf(ClassFileName);
        byte[] contents = Encoding.UTF8.GetBytes(classes.ToJson());
        bool isThere =
            FileStatus.Of(path) is { Kind: FileKind.Regular } status
            && status.Bytes == contents.Length
            && File.ReadAllBytes(path).AsSpan().SequenceEqual(contents);
        if (!isThere)
            AtomicFile.Write(path, stream => stream.Write(contents));
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

    /// <summary>One collection is split in one way: parts of two would do images twice or never.</summary>
    /// <exception cref="LpossException">The folder holds a batch that was split otherwise.</exception>
    public void RequireSameSplit()
    {
        string state = Path.Combine(Folder, StateName);
        string own = Path.GetFileName(JournalPath);
        var others = Directory
            .EnumerateFiles(state, "journal*.jsonl")
            .Select(path => Path.GetFileName(path))
            .Where(name => SplitOf(name) != SplitOf(own))
            .Order(StringComparer.Ordinal);
        if (others.FirstOrDefault() is not { } other)
            return;
        string parts = SplitOf(other) is { Length: > 0 } count ? $"{count} parts" : "one part";
        throw new LpossException(
            LpossErrorCode.BatchFailed,
            $"'{Folder}' holds a batch in {parts} ({Path.Combine(StateName, other)}), and this is "
                + $"{Shard.Index}/{Shard.Count}; split it as before, or name another folder."
        );
    }

    /// <summary>The count in "journal-2-of-8.jsonl"; empty where there is none.</summary>
    private static string SplitOf(string journal)
    {
        const string Of = "-of-";
        int at = journal.LastIndexOf(Of, StringComparison.Ordinal);
        return at < 0 ? "" : Path.GetFileNameWithoutExtension(journal[(at + Of.Length)..]);
    }

    private static string StatePath(string folder, Shard shard, string name, string ending)
    {
        string part =
            shard.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"-{shard.Index}-of-{shard.Count}");
        return Path.Combine(folder, StateName, name + part + ending);
    }
}
