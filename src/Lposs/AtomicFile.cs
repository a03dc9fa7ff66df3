using System.Runtime.InteropServices;

namespace Lposs;

/// <summary>Writes files that appear whole or not at all: beside the target first, then renamed over it.</summary>
internal static class AtomicFile
{
    private static readonly Lock s_guard = new();
    private static readonly HashSet<string> s_unfinished = [];

    static AtomicFile() => AppDomain.CurrentDomain.ProcessExit += (_, _) => RemoveUnfinished();

    /// <summary>
    /// Calls <paramref name="write"/> with a new file in the target's folder, then renames that file to
    /// <paramref name="path"/>, replacing what was there. If anything fails, or the process is interrupted (Ctrl-C,
    /// SIGTERM, hang-up), the new file is removed and the target stays as it was; only a kill that cannot be caught
    /// leaves the hidden file <c>.NAME.RANDOM.tmp</c>. A symbolic link is followed, so that it stays a link. A device
    /// such as /dev/null or /dev/stdout is written directly.
    /// </summary>
    /// <param name="path">Where the file is to appear. Its folder must exist.</param>
    /// <param name="write">Writes the contents. What it throws is passed on. The stream can seek, except on a
    /// device; it is closed here.</param>
    /// <exception cref="IOException">The folder does not exist or cannot be written, the path is a folder, or the disk
    /// is full; the message names the path.</exception>
    /// <exception cref="OperationCanceledException">The process received a signal during the write and lives
    /// on.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string target = FollowLinks(path);
        if (Directory.Exists(target))
            throw new IOException($"cannot write '{path}': it is a folder");
        if (IsDevice(target))
        {
            using FileStream device = Open(path, target, FileMode.Open);
            write(device);
            return;
        }

        string folder = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(folder))
            throw new IOException($"cannot write '{path}': the folder '{folder}' does not exist");
        string temporary = Path.Combine(folder, $".{Path.GetFileName(target)}.{Path.GetRandomFileName()}.tmp");
        WriteBeside(path, temporary, target, write);
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
            using (FileStream stream = Open(path, temporary, FileMode.CreateNew))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            Rename(path, temporary, target);
        }
        catch (IOException error) when (IsDiskFull(error))
        {
            throw new IOException($"cannot write '{path}': no space is left on the disk", error);
        }
        finally
        {
            // A no-op after the rename; a failure to delete must not hide why the write failed.
            lock (s_guard)
                if (s_unfinished.Remove(temporary))
                    TryDelete(temporary);
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

    private static FileStream Open(string path, string target, FileMode mode)
    {
        try
        {
            return new FileStream(target, mode, FileAccess.Write, FileShare.None);
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

    private static string FollowLinks(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        }
        catch (IOException)
        {
            // Nothing is there yet, or the links go round in a circle: opening the path itself will say which.
            return Path.GetFullPath(path);
        }
    }

    // A rename onto /dev/null would replace the device by a file, for everyone. /dev/shm holds ordinary files.
    private static bool IsDevice(string target) =>
        (
            target.StartsWith("/dev/", StringComparison.Ordinal)
            && !target.StartsWith("/dev/shm/", StringComparison.Ordinal)
        ) || target.StartsWith("/proc/", StringComparison.Ordinal);

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
