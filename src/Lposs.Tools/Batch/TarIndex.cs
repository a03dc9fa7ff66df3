using System.Formats.Tar;
using System.Globalization;
using System.Text.RegularExpressions;
using Lposs.Files;
using Lposs.Tools.Formats;

namespace Lposs.Tools.Batch;

/// <summary>
/// The images in an uncompressed tar, found by its headers alone. Names that would leave a folder are refused, although
/// nothing is unpacked: results are named by them.
/// </summary>
internal static class TarIndex
{
    /// <summary>The images, up to where the tar is damaged, and what is wrong with it; null where nothing is.</summary>
    /// <param name="path">The tar.</param>
    /// <param name="members">Names of the members to take; null for the images, of each of WebDataset's samples the one
    /// that is its image.</param>
    /// <param name="leftOut">Counts the others.</param>
    public static (IReadOnlyList<BatchInput> Images, BatchError? Error) Read(
        string path,
        Regex? members,
        LeftOutCounter leftOut
    )
    {
        var (images, error) = ReadAll(path, members, leftOut);
        return (members is null ? SampleMembers.ImagesOf(images, leftOut) : images, error);
    }

    private static (List<BatchInput> Images, BatchError? Error) ReadAll(
        string path,
        Regex? members,
        LeftOutCounter leftOut
    )
    {
        var found = new List<BatchInput>();
        string prefix = Path.GetFileNameWithoutExtension(path);
        if (!StemPath.IsName(prefix))
            return Failed($"'{path}' has a name that gives its results no folder; rename it");
        if (FileStatus.Of(path).Kind is var kind && kind != FileKind.Regular)
            return Failed($"'{path}' is {FileStatus.Word(kind)}; a tar must be a file");
        using var stream = new TarHeaderStream(path);
        try
        {
            stream.Open();
            using var tar = new TarReader(stream, leaveOpen: true);
            while (tar.GetNextEntry() is { } entry)
            {
                if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
                    continue;
                string name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
                string[] parts = name.Split('/');
                if (parts.Any(IsHidden))
                    continue;
                if (members is not null ? !members.IsMatch(name) : !InputSet.IsImage(name))
                {
                    leftOut.AddByEnding($"{path}/{name}");
                    continue;
                }
                if (!parts.All(StemPath.IsName))
                    return Failed(
                        $"'{path}' has a member '{Printable(entry.Name)}', whose name would leave the folder of the "
                            + "results"
                    );
                if (entry.DataOffset < 0)
                    return Failed($"cannot find where '{name}' lies in '{path}'; the tar must be a plain file");
                found.Add(new BatchInput($"{prefix}/{name}", path, entry.DataOffset, entry.Length));
            }
            return (found, null);
        }
        catch (UnauthorizedAccessException)
        {
            return Failed($"'{path}' cannot be read: permission denied");
        }
        // The reader of tars throws many kinds on damaged ones.
        catch (Exception error)
            when (error
                    is InvalidDataException
                        or IOException
                        or FormatException
                        or ArgumentException
                        or OverflowException
                        or NotSupportedException
                        or InvalidOperationException
            )
        {
            return Failed(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{path}' is no tar, is compressed, or is damaged at byte {stream.LastHeader}, after "
                        + $"{found.Count} images"
                ),
                error
            );
        }

        (List<BatchInput>, BatchError?) Failed(string reason, Exception? cause = null) =>
            (found, new BatchError(path, "find", cause is null ? reason : $"{reason}: {Printable(cause.Message)}"));
    }

    private static bool IsHidden(string part) =>
        part == "__MACOSX" || (part.StartsWith('.') && part is not ("." or ".."));

    private static string Printable(string text) =>
        string.Concat(text.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter));
}

/// <summary>
/// WebDataset's samples: members whose names are the same up to the first dot, such as "a.jpg" with "a.seg.png" and
/// "a.json".
/// </summary>
internal static class SampleMembers
{
    /// <summary>The images without those that belong to another one, which has an ending of one part: labels and masks
    /// are images too, by their endings.</summary>
    public static IReadOnlyList<BatchInput> ImagesOf(IReadOnlyList<BatchInput> images, LeftOutCounter leftOut)
    {
        var samples = images.Where(image => EndingOf(image.Name).Parts == 1).Select(KeyOf).ToHashSet();
        var kept = new List<BatchInput>();
        foreach (var image in images)
        {
            var (ending, parts) = EndingOf(image.Name);
            if (parts > 1 && samples.Contains(KeyOf(image)))
                leftOut.Add(ending, image.Name);
            else
                kept.Add(image);
        }
        return kept;
    }

    private static string KeyOf(BatchInput image) => image.Name[..^EndingOf(image.Name).Ending.Length];

    /// <summary>All after the first dot of the name, and of how many parts it is; a dot at the begin hides a file and
    /// ends nothing.</summary>
    private static (string Ending, int Parts) EndingOf(string name)
    {
        int dot = name.IndexOf('.', name.LastIndexOf('/') + 2);
        string ending = dot < 0 ? "" : name[dot..].ToLowerInvariant();
        return (ending, ending.Count(letter => letter == '.'));
    }
}

/// <summary>
/// A tar's bytes for the framework's reader, which believes what a header says of the size of an extension and makes
/// room for it: extensions that are larger than any that is meant are refused before.
/// </summary>
internal sealed class TarHeaderStream(string path) : Stream
{
    private const int HeaderBytes = 512;
    private const long MaxExtensionBytes = 1 << 20;

    private FileStream? _file;

    /// <summary>Where the last header lies.</summary>
    public long LastHeader { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _file!.Length;

    public override long Position
    {
        get => _file!.Position;
        set => _file!.Position = value;
    }

    public void Open() => _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        long at = Position;
        int read = _file!.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        if (read == HeaderBytes && at % HeaderBytes == 0)
            Check(buffer, at);
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => _file!.Seek(offset, origin);

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file?.Dispose();
        base.Dispose(disposing);
    }

    private void Check(ReadOnlySpan<byte> header, long at)
    {
        LastHeader = at;
        const int SizeAt = 124,
            SizeBytes = 12,
            TypeAt = 156;
        bool isExtension = header[TypeAt] is (byte)'x' or (byte)'g' or (byte)'L' or (byte)'K';
        if (isExtension && SizeOf(header.Slice(SizeAt, SizeBytes)) > MaxExtensionBytes)
            throw new InvalidDataException("the header's extension is larger than 1 MiB");
    }

    /// <summary>Octal digits, or binary where the first bit is set.</summary>
    private static long SizeOf(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x80) != 0)
            return long.MaxValue;
        long size = 0;
        foreach (byte digit in field)
        {
            if (digit is >= (byte)'0' and <= (byte)'7')
                size = (size << 3) | (uint)(digit - '0');
        }
        return size;
    }
}
