namespace Lposs.Tests.Support;

/// <summary>A folder that goes with the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("lposs-test-").FullName;

    public string At(string name) => Path.Combine(Root, name);

    public string Save(string name, byte[] contents)
    {
        File.WriteAllBytes(At(name), contents);
        return At(name);
    }

    /// <summary>All names in the folder, hidden ones included, sorted.</summary>
    public string[] Names() =>
        [.. Directory.GetFileSystemEntries(Root).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
