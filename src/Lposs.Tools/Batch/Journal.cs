using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lposs.Tools.Formats;

namespace Lposs.Tools.Batch;

/// <summary>
/// The record of what a batch has finished, so that it can resume after it was killed: a file of JSON lines that only
/// ever grows. Its first line holds the settings, each other one an image, written when the image's results are in
/// their places. A last line without its end is what was being written when the batch was killed; it is dropped.
/// <see cref="Append"/> is thread-safe.
/// </summary>
internal sealed class Journal : IDisposable
{
    private const int Schema = 2;
    private const int MaxLineBytes = 1 << 24;
    private const int LinesPerFlush = 64;

    private readonly Lock _guard = new();
    private readonly FileStream _file;
    private int _unflushed;

    private Journal(FileStream file) => _file = file;

    /// <summary>Opens a journal to go on with, or begins one.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="fingerprint">Of this batch.</param>
    /// <param name="startAnew">Whether to forget what is there.</param>
    /// <param name="found">Called for every image that is recorded, in the order of the file; a name may come
    /// again.</param>
    /// <exception cref="LpossException">The journal is of other settings, or is no journal.</exception>
    public static Journal Open(string path, BatchFingerprint fingerprint, bool startAnew, Action<JournalEntry> found)
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
                journal.AppendLine(
                    JsonSerializer.SerializeToUtf8Bytes(
                        new JournalHeader(Schema, fingerprint.Settings),
                        JournalJson.Default.JournalHeader
                    )
                );
            return journal;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a journal that nobody writes, with its settings.</summary>
    /// <exception cref="LpossException">It is no journal.</exception>
    public static BatchFingerprint Read(string path, Action<JournalEntry> found)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        BatchFingerprint? fingerprint = null;
        ReadLines(file, path, header => fingerprint = header, found);
        return fingerprint
            ?? throw new LpossException(LpossErrorCode.BatchFailed, $"'{path}' is empty; it is no journal of a batch.");
    }

    /// <summary>Records an image, whose results are in their places.</summary>
    public void Append(JournalEntry entry) =>
        AppendLine(JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Default.JournalEntry));

    /// <summary>Brings what was recorded to the disk.</summary>
    public void Flush()
    {
        lock (_guard)
            _file.Flush(flushToDisk: true);
    }

    public void Dispose() => _file.Dispose();

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

    private static long ReadLines(
        FileStream file,
        string path,
        BatchFingerprint fingerprint,
        Action<JournalEntry> found
    ) => ReadLines(file, path, header => RequireSame(path, header, fingerprint), found);

    /// <summary>Returns where the last whole line ends.</summary>
    private static long ReadLines(
        FileStream file,
        string path,
        Action<BatchFingerprint> headerFound,
        Action<JournalEntry> found
    )
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
                    found(ReadEntry(line));
            }
            catch (JsonException error)
            {
                throw new LpossException(
                    LpossErrorCode.BatchFailed,
                    $"line {number} of '{path}' (byte {end}) is no line of a journal; the file is damaged.",
                    error
                )
                {
                    Argument = nameof(BatchOptions.Overwrite),
                };
            }
            end += line.Length + 1;
        }
        return end;
    }

    private static JournalEntry ReadEntry(byte[] line)
    {
        var entry = JsonSerializer.Deserialize(line, JournalJson.Default.JournalEntry);
        return entry is not null && entry.Outputs.All(output => output is not null && StemPath.IsRelative(output.Path))
            ? entry
            : throw new JsonException();
    }

    private static BatchFingerprint ReadHeader(string path, byte[] line)
    {
        var header = JsonSerializer.Deserialize(line, JournalJson.Default.JournalHeader);
        if (header is null || header.Settings.Any(setting => setting.Value is null))
            throw new JsonException();
        if (header.Schema != Schema)
            throw new LpossException(
                LpossErrorCode.BatchFailed,
                $"'{path}' is a journal of schema {header.Schema}; this version reads {Schema}. Finish that batch "
                    + "with its own version, or name another folder."
            );
        return new BatchFingerprint(header.Settings);
    }

    private static void RequireSame(string path, BatchFingerprint found, BatchFingerprint own)
    {
        string[] differences = [.. own.DifferencesFrom(found)];
        if (differences.Length == 0)
            return;
        throw new LpossException(
            LpossErrorCode.BatchFailed,
            $"the folder holds results of other settings ({string.Join(", ", differences)}; see '{path}'); use the "
                + "same, or name another folder."
        )
        {
            Argument = nameof(BatchOptions.Overwrite),
        };
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
            if (line.WrittenCount > MaxLineBytes)
            {
                // No line of ours; whoever reads it says so.
                yield return line.WrittenSpan.ToArray();
                yield break;
            }
        }
    }
}

/// <summary>An image that is done: its results are in their places.</summary>
/// <param name="Name">The image's name in the collection.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Input">What the image's file was.</param>
/// <param name="Outputs">Its results.</param>
internal sealed record JournalEntry(
    string Name,
    int Width,
    int Height,
    InputVersion Input,
    IReadOnlyList<JournalOutput> Outputs
);

/// <summary>A result of an image.</summary>
/// <param name="Path">Relative to the folder of the results, with forward slashes.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its SHA-256, lower-case hexadecimal digits.</param>
internal sealed record JournalOutput(string Path, long Bytes, string Sha256);

/// <summary>The first line of a journal.</summary>
/// <param name="Schema">The version of this format.</param>
/// <param name="Settings">What the results depend on, by name.</param>
internal sealed record JournalHeader(int Schema, IReadOnlyDictionary<string, string> Settings);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(JournalHeader))]
[JsonSerializable(typeof(JournalEntry))]
internal sealed partial class JournalJson : JsonSerializerContext;
