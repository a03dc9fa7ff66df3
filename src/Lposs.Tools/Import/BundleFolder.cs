using System.Security.Cryptography;
using Lposs.Bundles;
using Lposs.Files;

namespace Lposs.Tools.Import;

/// <summary>A bundle under way: a hidden folder beside the target, renamed when all of it is there, removed if
/// not.</summary>
internal sealed class BundleFolder : IDisposable
{
    private readonly List<string> _files = [];
    private readonly Dictionary<string, BundleFile> _described = [];
    private readonly string _folder;
    private readonly bool _replaces;
    private readonly WorkFolder _work;

    /// <param name="folder">The target.</param>
    /// <param name="overwrite">Whether a bundle that is there is replaced.</param>
    /// <param name="inputs">What the bundle is made of.</param>
    /// <exception cref="LpossException">Something is at the target that may not be replaced, or its parent is not
    /// there.</exception>
    public BundleFolder(string folder, bool overwrite, IEnumerable<string> inputs)
    {
        _folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        Name = Path.GetFileName(_folder);
        string? parent = Path.GetDirectoryName(_folder);
        if (Name.Length == 0 || parent is null)
            throw new LpossException(
                LpossErrorCode.ImportFailed,
                $"{folder} is no place for a bundle; name a folder that is to be made."
            );
        if (!Directory.Exists(parent))
            throw new LpossException(
                LpossErrorCode.ImportFailed,
                $"the folder {parent} does not exist; make it first."
            );
        if (File.Exists(_folder))
            throw new LpossException(LpossErrorCode.ImportFailed, $"{_folder} is a file; a bundle is a folder.");
        _replaces = Directory.Exists(_folder);
        // What is replaced is deleted, so only a folder that is a bundle may be.
        if (_replaces && !(overwrite && File.Exists(Path.Combine(_folder, ModelBundle.ManifestName))))
        {
            throw new LpossException(
                LpossErrorCode.ImportFailed,
                overwrite
                    ? $"{_folder} is there and no bundle, so it is not replaced; name another folder."
                    : $"{_folder} is there already; name another folder."
            )
            {
                Argument = overwrite ? null : "Overwrite",
                Value = folder,
            };
        }
        var replaced = new FolderContents(_folder);
        if (inputs.FirstOrDefault(replaced.Has) is { } input)
            throw new LpossException(
                LpossErrorCode.ImportFailed,
                $"{input} lies in {_folder}, which would be replaced; name another folder."
            );
        _work = new WorkFolder(parent);
    }

    /// <summary>The last part of the target's path.</summary>
    public string Name { get; }

    /// <summary>Where it is being made.</summary>
    public string Unfinished => _work.Folder;

    public string PathOf(string file) => Path.Combine(Unfinished, file);

    /// <summary>A file was written and belongs to the bundle.</summary>
    public void Add(string file) => _files.Add(file);

    /// <summary>Copies a file from elsewhere under its own name.</summary>
    public void Copy(string path)
    {
        string name = Path.GetFileName(path);
        if (!File.Exists(path))
            throw new LpossException(
                LpossErrorCode.ImportFailed,
                $"{path} is no file; it should be a part of CLIP's vocabulary."
            );
        if (_files.Contains(name))
            throw new LpossException(
                LpossErrorCode.ImportFailed,
                $"two files of the bundle would be called {name}; rename {path}."
            );
        File.Copy(path, PathOf(name));
        Add(name);
    }

    /// <summary>Writes model.json, with sizes and hashes of the files.</summary>
    public void WriteManifest(BundleManifest manifest) =>
        AtomicFile.Write(
            PathOf(ModelBundle.ManifestName),
            stream => manifest.Write(stream, [.. _files.Order(StringComparer.Ordinal).Select(Describe)])
        );

    /// <summary>Puts the bundle into its place.</summary>
    /// <returns>The place.</returns>
    public string Finish()
    {
        string? old = null;
        if (_replaces)
        {
            old = $"{Unfinished}.old";
            Directory.Move(_folder, old);
        }
        _work.MoveTo(_folder);
        if (old is not null)
            Directory.Delete(old, recursive: true);
        return _folder;
    }

    /// <inheritdoc/>
    public void Dispose() => _work.Dispose();

    /// <summary>Hashes a file once, though the manifest is written twice.</summary>
    private BundleFile Describe(string file)
    {
        if (_described.TryGetValue(file, out var known))
            return known;
        using var stream = File.OpenRead(PathOf(file));
        return _described[file] = new BundleFile(
            file,
            stream.Length,
            Convert.ToHexStringLower(SHA256.HashData(stream))
        );
    }
}
