using System.Runtime.InteropServices;

namespace Lposs.Files;

/// <summary>What stands at a path.</summary>
internal enum FileKind
{
    /// <summary>Nothing, or nothing that can be looked at.</summary>
    Missing,

    /// <summary>A file with contents of its own.</summary>
    Regular,

    Folder,

    /// <summary>A symbolic link; only where links are not followed.</summary>
    Link,

    /// <summary>A named pipe, or one between two processes.</summary>
    Pipe,

    Socket,

    /// <summary>A terminal, a disk, /dev/null and their kind.</summary>
    Device,
}

/// <summary>Which file it is, whatever path leads there: links, bind mounts and file systems that do not tell upper
/// from lower case give one file several paths.</summary>
/// <param name="Device">The file system.</param>
/// <param name="Number">The inode; 0 where <paramref name="Path"/> says it.</param>
/// <param name="Path">The resolved path on systems without inodes; null on Linux.</param>
internal readonly record struct FileIdentity(ulong Device, ulong Number, string? Path);

/// <summary>What a path stands for, as the system says.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Identity">Which it is; no two files of one moment share it.</param>
/// <param name="Bytes">The size of a regular file.</param>
/// <param name="Modified">When the contents were last changed.</param>
internal readonly partial record struct FileStatus(
    FileKind Kind,
    FileIdentity Identity,
    long Bytes,
    DateTimeOffset Modified
)
{
    public bool Exists => Kind != FileKind.Missing;

    /// <summary>Of what the path leads to; links are followed.</summary>
    public static FileStatus Of(string path) => Ask(path, followsLink: true);

    /// <summary>Of what stands at the path itself, a link among it. Links in its folders are followed.</summary>
    public static FileStatus OfLink(string path) => Ask(path, followsLink: false);

    /// <summary>In a sentence, with an article.</summary>
    public static string Word(FileKind kind) =>
        kind switch
        {
            FileKind.Regular => "a file",
            FileKind.Folder => "a folder",
            FileKind.Link => "a link",
            FileKind.Pipe => "a pipe",
            FileKind.Socket => "a socket",
            FileKind.Device => "a device",
            _ => "missing",
        };

    private static FileStatus Ask(string path, bool followsLink)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!OperatingSystem.IsLinux())
            return AskFramework(path, followsLink);
        const int FromWorkingFolder = -100;
        const int DoNotFollow = 0x100;
        const uint BasicFields = 0x7ff;
        if (Statx(FromWorkingFolder, path, followsLink ? 0 : DoNotFollow, BasicFields, out var answer) != 0)
            return default;
        var kind = (answer.Mode & 0xF000) switch
        {
            0x8000 => FileKind.Regular,
            0x4000 => FileKind.Folder,
            0xA000 => FileKind.Link,
            0x1000 => FileKind.Pipe,
            0xC000 => FileKind.Socket,
            _ => FileKind.Device,
        };
        return new FileStatus(
            kind,
            new FileIdentity(((ulong)answer.DeviceMajor << 32) | answer.DeviceMinor, answer.Inode, null),
            (long)answer.Size,
            DateTimeOffset.FromUnixTimeSeconds(answer.ModifiedSeconds).AddTicks(answer.ModifiedNanoseconds / 100)
        );
    }

    /// <summary>Where there is no statx: paths with their links resolved stand for files.</summary>
    private static FileStatus AskFramework(string path, bool followsLink)
    {
        FileSystemInfo info = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        bool isLink = info.LinkTarget is not null;
        if (!info.Exists && !isLink)
            return default;
        if (isLink && followsLink)
        {
            if (info.ResolveLinkTarget(returnFinalTarget: true) is not { Exists: true } target)
                return default;
            info = target;
        }
        var kind =
            isLink && !followsLink ? FileKind.Link
            : info is DirectoryInfo ? FileKind.Folder
            : FileKind.Regular;
        return new FileStatus(
            kind,
            new FileIdentity(0, 0, info.FullName.ToUpperInvariant()),
            info is FileInfo file ? file.Length : 0,
            info.LastWriteTimeUtc
        );
    }

    // linux/stat.h; the same on every processor, unlike struct stat.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatxAnswer
    {
        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(40)]
        public ulong Size;

        [FieldOffset(112)]
        public long ModifiedSeconds;

        [FieldOffset(120)]
        public uint ModifiedNanoseconds;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint fields, out StatxAnswer answer);
}
