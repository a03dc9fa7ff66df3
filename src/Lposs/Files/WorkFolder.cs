namespace Lposs.Files;

/// <summary>
/// A hidden folder for work that is not finished, beside where its contents go. It is locked, so that what dead
/// processes left can be told from it.
/// </summary>
internal sealed class WorkFolder : IDisposable
{
    private const string NameStart = ".lposs-";
    private const string NameEnd = ".work";
    private const string LockName = ".lock";

    private readonly FileStream _lock;
    private bool _isGone;

    /// <summary>Makes the folder, and removes what dead processes left of theirs.</summary>
    /// <param name="parent">Where; must be there.</param>
    public WorkFolder(string parent)
    {
        RemoveLeftovers(parent);
        Folder = Path.Combine(parent, NameStart + Path.GetRandomFileName() + NameEnd);
        Directory.CreateDirectory(Folder);
        _lock = new FileStream(
            Path.Combine(Folder, LockName),
            FileMode.CreateNew,
            FileAccess.Write,
            FileShare.None,
            1,
            FileOptions.DeleteOnClose
        );
        AppDomain.CurrentDomain.ProcessExit += Remove;
    }

    /// <summary>Its path.</summary>
    public string Folder { get; }

    /// <summary>Gives the folder its name; nothing may be there.</summary>
    public void MoveTo(string path)
    {
        Release();
        Directory.Move(Folder, path);
    }

    public void Dispose() => Remove(this, EventArgs.Empty);

    private static void RemoveLeftovers(string parent)
    {
        foreach (string leftover in Directory.EnumerateDirectories(parent, NameStart + "*" + NameEnd))
        {
            try
            {
                string lockFile = Path.Combine(leftover, LockName);
                if (!File.Exists(lockFile))
                {
                    // Just made, or about to get its name: only an empty one may go.
                    Directory.Delete(leftover);
                    continue;
                }
                using (new FileStream(lockFile, FileMode.Open, FileAccess.Write, FileShare.None))
                    Directory.Delete(leftover, recursive: true);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Somebody's who lives, or one that only its owner may remove.
            }
        }
    }

    private void Remove(object? sender, EventArgs arguments)
    {
        if (_isGone)
            return;
        Release();
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }

    private void Release()
    {
        _isGone = true;
        AppDomain.CurrentDomain.ProcessExit -= Remove;
        _lock.Dispose();
    }
}
