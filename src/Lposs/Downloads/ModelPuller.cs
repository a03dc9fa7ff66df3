using System.Security.Cryptography;

namespace Lposs.Downloads;

/// <summary>What a pull tells its caller on the way.</summary>
public interface IPullObserver
{
    /// <summary>Asked before the first file of a model is fetched.</summary>
    /// <param name="files">The files that would be fetched, each with its licence.</param>
    /// <returns>Whether their licences are accepted.</returns>
    bool Accept(IReadOnlyList<RegistryFile> files);

    /// <summary>Told how far a file is.</summary>
    void Report(DownloadProgress progress);

    /// <summary>Told what there is to know of a file, in a sentence.</summary>
    void Note(string sentence);
}

/// <summary>A file of a pulled model, checked.</summary>
/// <param name="File">What the registry says of it.</param>
/// <param name="Path">Where it lies.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its SHA-256.</param>
/// <param name="IsFetched">Whether this pull fetched it; otherwise it was in the cache.</param>
/// <param name="Check">What the hash was held to.</param>
public sealed record PulledFile(RegistryFile File, string Path, long Bytes, string Sha256, bool IsFetched, HashCheck Check);

/// <summary>What the hash of a file was held to.</summary>
public enum HashCheck
{
    /// <summary>The registry's.</summary>
    Registry,

    /// <summary>That of the first pull.</summary>
    Recorded,

    /// <summary>Nothing: this was the first pull, which recorded it.</summary>
    FirstSeen,
}

/// <summary>Brings the files of a published model into the cache, or finds them there, and checks them.</summary>
public sealed class ModelPuller(DownloadCache cache, DownloadOptions options, Downloader downloader)
{
    /// <summary>Pulls a model.</summary>
    /// <returns>Its files, in the registry's order.</returns>
    /// <exception cref="DownloadException">A file cannot be had or is another one, or the licences were not accepted.</exception>
    public async Task<IReadOnlyList<PulledFile>> PullAsync(RegistryModel model, IPullObserver observer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(observer);
        using var guard = cache.Lock();
        var records = new HashRecords(cache.HashesPath);
        var pulled = new Dictionary<RegistryFile, PulledFile>();
        foreach (var file in model.Files)
        {
            if (await FindAsync(file, records, observer, cancellation) is { } found)
                pulled.Add(file, found);
        }
        RegistryFile[] missing = [.. model.Files.Where(file => !pulled.ContainsKey(file))];
        RefuseOffline(model, missing);
        // Who left a part behind has accepted already.
        RegistryFile[] unseen = [.. missing.Where(file => !PartFile.Exists(cache.PathOf(file)))];
        if (unseen.Length > 0 && !observer.Accept(unseen))
            throw new DownloadException($"nothing was fetched: the licences of '{model.Name}' must be accepted first, by --accept-licence or by answering yes");
        foreach (var file in missing)
            pulled.Add(file, await FetchAsync(file, records, observer, cancellation));
        return [.. model.Files.Select(file => pulled[file])];
    }

    /// <summary>The file in the cache, if it is there and what it should be.</summary>
    private async Task<PulledFile?> FindAsync(RegistryFile file, HashRecords records, IPullObserver observer, CancellationToken cancellation)
    {
        string path = cache.PathOf(file);
        if (!File.Exists(path))
            return null;
        observer.Report(new DownloadProgress(file.Name, 0, new FileInfo(path).Length, 0));
        var expected = Expected(file, records);
        await using var stream = File.OpenRead(path);
        string hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
        if (expected.Sha256 is null)
        {
            // A pull that was killed between the file and its record.
            records.Add(file.Address, new FetchedFile(stream.Length, hash));
            return new PulledFile(file, path, stream.Length, hash, IsFetched: false, HashCheck.FirstSeen);
        }
        if (hash == expected.Sha256)
            return new PulledFile(file, path, stream.Length, hash, IsFetched: false, expected.Check);
        observer.Note($"{path} has the SHA-256 {hash} and not {expected.Sha256}: it is damaged, and does not count");
        return null;
    }

    private async Task<PulledFile> FetchAsync(RegistryFile file, HashRecords records, IPullObserver observer, CancellationToken cancellation)
    {
        string path = cache.PathOf(file);
        var expected = Expected(file, records);
        var fetched = await downloader.FetchAsync(
            file.Address, path, expected.Bytes, expected.Sha256, observer.Report, cancellation);
        if (expected.Check == HashCheck.FirstSeen)
        {
            records.Add(file.Address, fetched);
            observer.Note($"the SHA-256 of {file.Name} is known to nobody here; {fetched.Sha256} was recorded, and later pulls are held to it");
        }
        return new PulledFile(file, path, fetched.Bytes, fetched.Sha256, IsFetched: true, expected.Check);
    }

    private static (long? Bytes, string? Sha256, HashCheck Check) Expected(RegistryFile file, HashRecords records)
    {
        if (file.Sha256 is not null)
            return (file.Bytes, file.Sha256, HashCheck.Registry);
        return records.Find(file.Address) is { } record
            ? (record.Bytes, record.Sha256, HashCheck.Recorded)
            : (file.Bytes, null, HashCheck.FirstSeen);
    }

    private void RefuseOffline(RegistryModel model, RegistryFile[] missing)
    {
        if (options.IsOffline && missing.Length > 0)
        {
            throw new DownloadException(
                $"'{model.Name}' is not whole in {cache.Folder} (missing: {string.Join(", ", missing.Select(file => file.Name))}), and --offline allows no request");
        }
    }
}
