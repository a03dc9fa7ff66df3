using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lposs.Tools.Downloads;

/// <summary>A file of a pulled model, checked.</summary>
/// <param name="File">What the registry says of it.</param>
/// <param name="Path">Where it lies.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its SHA-256.</param>
/// <param name="IsFetched">Whether this pull fetched it; otherwise it was in the _cache.</param>
/// <param name="Check">What the hash was verified against.</param>
public sealed record PulledFile(
    RegistryFile File,
    string Path,
    long Bytes,
    string Sha256,
    bool IsFetched,
    HashCheck Check
);

/// <summary>What the hash of a file was verified against.</summary>
public enum HashCheck
{
    /// <summary>The registry's.</summary>
    Registry,

    /// <summary>That of the first pull.</summary>
    Recorded,

    /// <summary>Nothing: this was the first pull, which recorded it.</summary>
    FirstSeen,
}

/// <summary>Brings the files of a published model into the cache, or finds them there, and verifies them.</summary>
public sealed partial class ModelPuller : IDisposable
{
    private readonly DownloadCache _cache;
    private readonly DownloadOptions _options;
    private readonly Downloader _downloader;
    private readonly ILogger _logger;

    /// <param name="cache">Where the files are kept.</param>
    /// <param name="options">How they are fetched.</param>
    /// <param name="logger">Told what there is to know of a file; null is accepted.</param>
    public ModelPuller(DownloadCache cache, DownloadOptions options, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(options);
        _cache = cache;
        _options = options;
        _logger = logger ?? NullLogger.Instance;
        _downloader = new Downloader(options, _logger);
    }

    /// <summary>Pulls a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="accept">Asked before the first file is fetched, with the files that would be, each with its
    /// licence: whether their licences are accepted.</param>
    /// <param name="progress">Told how far each file is; null is accepted.</param>
    /// <param name="cancellationToken">Ends it; what has come is kept.</param>
    /// <returns>Its files, in the registry's order.</returns>
    /// <exception cref="LpossException">A file cannot be had or is another one, or the licences were not
    /// accepted.</exception>
    public async Task<IReadOnlyList<PulledFile>> PullAsync(
        RegistryModel model,
        Func<IReadOnlyList<RegistryFile>, bool> accept,
        IProgress<DownloadProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(accept);
        using var guard = _cache.Lock();
        var records = new HashRecords(_cache.HashesPath);
        var pulled = new Dictionary<RegistryFile, PulledFile>();
        foreach (var file in model.Files)
        {
            if (await FindAsync(file, records, progress, cancellationToken).ConfigureAwait(false) is { } found)
                pulled.Add(file, found);
        }
        RegistryFile[] missing = [.. model.Files.Where(file => !pulled.ContainsKey(file))];
        RejectOffline(model, missing);
        // Who left a part behind has accepted already.
        RegistryFile[] unseen = [.. missing.Where(file => !PartFile.Exists(_cache.PathOf(file)))];
        if (unseen.Length > 0 && !accept(unseen))
            throw new LpossException(
                LpossErrorCode.DownloadFailed,
                $"nothing was fetched: the licences of '{model.Name}' must be accepted first."
            )
            {
                Argument = "Accept",
            };
        foreach (var file in missing)
            pulled.Add(file, await FetchAsync(file, records, progress, cancellationToken).ConfigureAwait(false));
        return [.. model.Files.Select(file => pulled[file])];
    }

    /// <summary>The file in the cache, if it is there and what it should be.</summary>
    private async Task<PulledFile?> FindAsync(
        RegistryFile file,
        HashRecords records,
        IProgress<DownloadProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        string path = _cache.PathOf(file);
        if (!File.Exists(path))
            return null;
        progress?.Report(new DownloadProgress(file.Name, 0, new FileInfo(path).Length, 0));
        var expected = Expected(file, records);
        using var stream = File.OpenRead(path);
        string hash = Convert.ToHexStringLower(
            await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false)
        );
        if (expected.Sha256 is null)
        {
            // A pull that was killed between the file and its record.
            records.Add(file.Address, new FetchedFile(stream.Length, hash));
            return new PulledFile(file, path, stream.Length, hash, IsFetched: false, HashCheck.FirstSeen);
        }
        if (hash == expected.Sha256)
            return new PulledFile(file, path, stream.Length, hash, IsFetched: false, expected.Check);
        LogDamaged(_logger, path, hash, expected.Sha256);
        return null;
    }

    private async Task<PulledFile> FetchAsync(
        RegistryFile file,
        HashRecords records,
        IProgress<DownloadProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        string path = _cache.PathOf(file);
        var expected = Expected(file, records);
        var fetched = await _downloader
            .FetchAsync(file.Address, path, expected.Bytes, expected.Sha256, progress, cancellationToken)
            .ConfigureAwait(false);
        if (expected.Check == HashCheck.FirstSeen)
        {
            records.Add(file.Address, fetched);
            LogRecorded(_logger, file.Name, fetched.Sha256);
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

    private void RejectOffline(RegistryModel model, RegistryFile[] missing)
    {
        if (_options.IsOffline && missing.Length > 0)
        {
            throw new LpossException(
                LpossErrorCode.DownloadFailed,
                $"'{model.Name}' is not whole in {_cache.Folder} (missing: "
                    + $"{string.Join(", ", missing.Select(file => file.Name))}), and no request is allowed."
            )
            {
                Argument = nameof(DownloadOptions.IsOffline),
                Value = true,
            };
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _downloader.Dispose();

    [LoggerMessage(LogLevel.Warning, "{Path} has the SHA-256 {Found} and not {Expected}: it is damaged and ignored")]
    private static partial void LogDamaged(ILogger logger, string path, string found, string expected);

    [LoggerMessage(
        LogLevel.Information,
        "the SHA-256 of {File} is in no registry; {Sha256} was recorded, and later pulls are verified against it"
    )]
    private static partial void LogRecorded(ILogger logger, string file, string sha256);
}
