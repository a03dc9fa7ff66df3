using System.Buffers;
using System.Text.Json;

namespace Lposs.Batch;

/// <summary>
/// The record of what a run has finished, so that it can be taken up after it was killed: a file of JSON lines that only
/// ever grows. Its first line holds the settings, each other one a picture, written when the picture's results are in
/// their places. A last line without its end is what was being written when the run was killed; it is dropped.
/// <see cref="Append"/> is thread-safe.
/// </summary>
internal sealed class Journal : IDisposable
{
    private const int Schema = 1;
    private const int LinesPerFlush = 64;

    private readonly Lock _guard = new();
    private readonly FileStream _file;
    private int _unflushed;

    private Journal(FileStream file) => _file = file;

    /// <summary>Opens a journal to go on with, or begins one.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="fingerprint">Of this run.</param>
    /// <param name="startAnew">Whether to forget what is there.</param>
    /// <param name="found">Called for every picture that is recorded, in the order of the file; a name may come again.</param>
    /// <exception cref="BatchException">The journal is of other settings, or is no journal.</exception>
    public static Journal Open(string path, RunFingerprint fingerprint, bool startAnew, Action<JournalEntry> found)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            long end = startAnew ? 0 : ReadLines(file, path, fingerprint, found);
            // What is behind the last whole line goes.
            file.SetLength(end);
            file.Position = end;
            var journal = new Journal(file);
            if (end == 0)
                journal.AppendLine(JsonSerializer.SerializeToUtf8Bytes(new JournalHeader(Schema, fingerprint.Settings), JournalJson.Default.JournalHeader));
            return journal;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a journal that nobody writes, with its settings.</summary>
    /// <exception cref="BatchException">It is no journal.</exception>
    public static RunFingerprint Read(string path, Action<JournalEntry> found)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        RunFingerprint? fingerprint = null;
        ReadLines(file, path, header => fingerprint = header, found);
        return fingerprint ?? throw new BatchException($"'{path}' is empty; it is no journal of a run.");
    }

    /// <summary>Records a picture, whose results are in their places.</summary>
    public void Append(JournalEntry entry) => AppendLine(JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Default.JournalEntry));

    public void Dispose()
    {
        _file.Flush(flushToDisk: true);
        _file.Dispose();
    }

    private void AppendLine(byte[] json)
    {
        // One write, so that a kill leaves a line whole or torn at the end, never mixed with another.
        byte[] line = [.. json, (byte)'\n'];
        lock (_guard)
        {
            _file.Write(line);
            _file.Flush(flushToDisk: ++_unflushed % LinesPerFlush == 0);
        }
    }

    private static long ReadLines(FileStream file, string path, RunFingerprint fingerprint, Action<JournalEntry> found) =>
        ReadLines(file, path, header => RequireSame(path, header, fingerprint), found);

    /// <summary>Returns where the last whole line ends.</summary>
    private static long ReadLines(FileStream file, string path, Action<RunFingerprint> headerFound, Action<JournalEntry> found)
    {
        long end = 0;
        int number = 0;
        foreach (byte[] line in WholeLines(file))
        {
            number++;
            try
            {
                if (number == 1)
                    headerFound(ReadHeader(path, line));
                else
                    found(JsonSerializer.Deserialize(line, JournalJson.Default.JournalEntry) ?? throw new JsonException());
            }
            catch (JsonException error)
            {
                throw new BatchException($"line {number} of '{path}' is no line of a journal; the file is damaged. --force does everything again.", error);
            }
            end += line.Length + 1;
        }
        return end;
    }

    private static RunFingerprint ReadHeader(string path, byte[] line)
    {
        var header = JsonSerializer.Deserialize(line, JournalJson.Default.JournalHeader);
        if (header?.Settings is null || header.Schema != Schema)
            throw new BatchException($"'{path}' is a journal of schema {header?.Schema}; this version reads {Schema}. Finish that run with its own version, or name another folder.");
        return new RunFingerprint(header.Settings);
    }

    private static void RequireSame(string path, RunFingerprint found, RunFingerprint own)
    {
        string[] differences = [.. own.DifferencesFrom(found)];
        if (differences.Length == 0)
            return;
        throw new BatchException(
            $"the folder holds results of a run with other settings ({string.Join(", ", differences)}; see '{path}'); use the same, "
            + "name another folder, or do everything again with --force");
    }

    private static IEnumerable<byte[]> WholeLines(FileStream file)
    {
        file.Position = 0;
        byte[] block = new byte[1 << 16];
        var line = new ArrayBufferWriter<byte>();
        for (int read; (read = file.Read(block)) > 0;)
        {
            int start = 0;
            for (int length; (length = block.AsSpan(start, read - start).IndexOf((byte)'\n')) >= 0; start += length + 1)
            {
                line.Write(block.AsSpan(start, length));
                yield return line.WrittenSpan.ToArray();
                line.Clear();
            }
            line.Write(block.AsSpan(start, read - start));
        }
    }
}
