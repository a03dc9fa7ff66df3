using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Lposs.Files;

/// <summary>Writes files that appear whole or not at all: beside the target first, then renamed over it.</summary>
internal static class AtomicFile
{
    // Short, so that a name that can be written at all can be written like this.
    private const string LeftoverStart = ".lposs-";
    private const string LeftoverEnd = ".tmp";

    private static readonly Lock s_guard = new();
    private static readonly HashSet<string> s_unfinished = [];

    static AtomicFile() => AppDomain.CurrentDomain.ProcessExit += (_, _) => RemoveUnfinished();

    /// <summary>
    /// Calls <paramref name="write"/> with a new file in the target's folder, then renames that file to
    /// <paramref name="path"/>, replacing what was there. If anything fails, or the process is interrupted (Ctrl-C,
    /// SIGTERM, hang-up), the new file is removed and the target stays as it was; only a kill that cannot be caught
    /// leaves a hidden file, which <see cref="RemoveLeftovers"/> finds. A symbolic link to a file is replaced, and what
    /// it led to stays as it was. A pipe or a device such as /dev/null or /dev/stdout is written directly.
    /// </summary>
    /// <param name="path">Where the file is to appear. Its folder must exist.</param>
    /// <param name="write">Writes the contents. What it throws is passed on. The stream can seek, except on a pipe or a
    /// device; it is closed here.</param>
    /// <exception cref="IOException">The folder does not exist or cannot be written, the path is a folder, or the disk
    /// is full; the message names the path.</exception>
    /// <exception cref="OperationCanceledException">The process received a signal during the write and lives
    /// on.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string target = Path.GetFullPath(path);
        var kind = FileStatus.Of(target).Kind;
        if (kind == FileKind.Folder)
            throw new IOException($"cannot write '{path}': it is a folder");
        if (IsStream(target, kind))
        {
            using FileStream stream = OpenStream(path, target);
            NamingFailures(
                path,
                () =>
                {
                    write(stream);
                    stream.Flush();
                }
            );
            return;
        }

        string folder = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(folder))
            throw new IOException($"cannot write '{path}': the folder '{folder}' does not exist");
        WriteBeside(
            path,
            Path.Combine(folder, $"{LeftoverStart}{Path.GetRandomFileName()}{LeftoverEnd}"),
            target,
            write
        );
    }

    /// <summary>Writes <paramref name="contents"/> as UTF-8 without a byte-order mark; otherwise as
    /// <see cref="Write"/>.</summary>
    /// <param name="path">Where the file is to appear.</param>
    /// <param name="contents">The text.</param>
    public static void WriteText(string path, string contents)
    {
        ArgumentNullException.ThrowIfNull(contents);
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(contents)));
    }

    private static void WriteBeside(string path, string temporary, string target, Action<Stream> write)
    {
        lock (s_guard)
            s_unfinished.Add(temporary);
        using PosixSignalRegistration interrupt = RemoveOn(PosixSignal.SIGINT);
        using PosixSignalRegistration terminate = RemoveOn(PosixSignal.SIGTERM);
        using PosixSignalRegistration hangUp = RemoveOn(PosixSignal.SIGHUP);
        try
        {
            // Locked until it has its name, so that nobody takes it for a leftover.
            using FileStream stream = OpenNew(path, temporary);
            NamingFailures(
                path,
                () =>
                {
                    write(stream);
                    stream.Flush(flushToDisk: true);
                }
            );
            Rename(path, temporary, target);
        }
        finally
        {
            // A no-op after the rename; a failure to delete must not hide why the write failed.
            lock (s_guard)
                if (s_unfinished.Remove(temporary))
                    TryDelete(temporary);
        }
    }

    private static void NamingFailures(string path, Action write)
    {
        try
        {
            write();
        }
        catch (IOException error) when (IsDiskFull(error))
        {
            throw new IOException($"cannot write '{path}': no space is left on the disk", error);
        }
        // What the framework makes of EFBIG; it has no kind of its own.
        catch (ArgumentOutOfRangeException error)
            when (error.TargetSite?.DeclaringType?.Assembly == typeof(File).Assembly)
        {
            throw new IOException($"cannot write '{path}': a file may not become as large as it would", error);
        }
    }

    private static void Rename(string path, string temporary, string target)
    {
        lock (s_guard)
        {
            if (!s_unfinished.Contains(temporary))
                throw new OperationCanceledException($"interrupted while writing '{path}'; it was left as it was");
            try
            {
                File.Move(temporary, target, overwrite: true);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new IOException($"cannot write '{path}': {error.Message}", error);
            }
            s_unfinished.Remove(temporary);
        }
    }

    /// <summary>Removes what killed processes left of files in a folder, and nothing of a process that lives: that
    /// one's are locked.</summary>
    /// <param name="folder">The folder; need not be there.</param>
    /// <param name="withFoldersBelow">Whether to look into those below as well; links are not followed.</param>
    public static void RemoveLeftovers(string folder, bool withFoldersBelow)
    {
        if (!Directory.Exists(folder))
            return;
        var search = new EnumerationOptions
        {
            RecurseSubdirectories = withFoldersBelow,
            AttributesToSkip = FileAttributes.ReparsePoint,
        };
        foreach (string leftover in Directory.EnumerateFiles(folder, LeftoverStart + "*" + LeftoverEnd, search))
        {
            try
            {
                using var unlocked = new FileStream(leftover, FileMode.Open, FileAccess.Write, LockedShare);
                File.Delete(leftover);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Somebody's who lives, or one that only its owner may remove.
            }
        }
    }

    /// <summary>Whether a failure to write concerns every file: the disk is full, gone, broken or cannot be
    /// written.</summary>
    public static bool IsOfDisk(Exception error)
    {
        const int Broken = 5,
            NoSuchDevice = 19,
            ReadOnly = 30,
            Stale = 116; // errno on Linux
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
            if (
                cause is IOException io
                && (IsDiskFull(io) || io.HResult is Broken or NoSuchDevice or ReadOnly or Stale)
            )
                return true;
        return false;
    }

    // Windows renames an open file only where deletion is shared.
    private static FileShare LockedShare => OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;

    private static FileStream OpenNew(string path, string temporary)
    {
        try
        {
            return new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, LockedShare);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException($"cannot write '{path}': permission denied", error);
        }
        catch (IOException error) when (!IsDiskFull(error))
        {
            throw new IOException($"cannot write '{path}': {error.Message}", error);
        }
    }

    private static FileStream OpenStream(string path, string target)
    {
        try
        {
            // The standard output as it is: opened anew, a file there would be written from its start.
            return target is "/dev/stdout" or "/dev/fd/1" or "/proc/self/fd/1"
                ? new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0)
                : new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new IOException($"cannot write '{path}': {error.Message.TrimEnd('.')}", error);
        }
    }

    // A rename onto /dev/null would replace the device by a file, for everyone. /dev/shm holds ordinary files.
    private static bool IsStream(string target, FileKind kind) =>
        kind is FileKind.Pipe or FileKind.Device or FileKind.Socket
        || (
            target.StartsWith("/dev/", StringComparison.Ordinal)
            && !target.StartsWith("/dev/shm/", StringComparison.Ordinal)
        )
        || target.StartsWith("/proc/", StringComparison.Ordinal);

    private static bool IsDiskFull(IOException error)
    {
        const int NoSpace = 28,
            QuotaExceeded = 122; // errno on Linux
        return error.HResult is NoSpace or QuotaExceeded;
    }

    private static PosixSignalRegistration RemoveOn(PosixSignal signal) =>
        PosixSignalRegistration.Create(signal, _ => RemoveUnfinished());

    private static void RemoveUnfinished()
    {
        lock (s_guard)
        {
            foreach (string temporary in s_unfinished)
                TryDelete(temporary);
            s_unfinished.Clear();
        }
    }

    private static void TryDelete(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The hidden file stays. The caller's own error, or the end of the process, is what matters now.
        }
    }
}
