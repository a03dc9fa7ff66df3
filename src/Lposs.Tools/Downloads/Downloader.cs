using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lposs.Tools.Downloads;

/// <summary>What came of a file.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its SHA-256, lower-case hexadecimal digits.</param>
internal sealed record FetchedFile(long Bytes, string Sha256);

/// <summary>
/// Fetches files over HTTPS: written beside and renamed when whole and verified; a broken transfer is retried and
/// resumes. The hash is that of the whole file as it lies on the disk, however many attempts its parts came in.
/// </summary>
internal sealed partial class Downloader : IDisposable
{
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromSeconds(30);

    private readonly DownloadOptions _options;
    private readonly ILogger _logger;
    private readonly HttpClient _client;
    private readonly RedirectFollower _requests;

    /// <param name="options">How files are fetched.</param>
    /// <param name="logger">Told of broken transfers.</param>
    /// <param name="handler">For tests, whose server has a certificate that nobody else trusts.</param>
    public Downloader(DownloadOptions options, ILogger? logger = null, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _logger = logger ?? NullLogger.Instance;
        _client = new HttpClient(handler ?? options.Connect()) { Timeout = Timeout.InfiniteTimeSpan };
        _requests = new RedirectFollower(_client);
    }

    /// <summary>Fetches one file. Cancelled, it leaves what has come for the next time.</summary>
    /// <param name="address">Where it is published; the mirror of the options applies.</param>
    /// <param name="target">Where it is to lie; the folder exists.</param>
    /// <param name="bytes">Its size, or null if that is not known.</param>
    /// <param name="sha256">Its hash, or null if that is not known.</param>
    /// <param name="progress">Told how far it is, a few times a second; null is accepted.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="LpossException">The file cannot be had, or is another one.</exception>
    public async Task<FetchedFile> FetchAsync(
        Uri address,
        string target,
        long? bytes,
        string? sha256,
        IProgress<DownloadProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentException.ThrowIfNullOrEmpty(target);
        var from = _options.Locate(address);
        if (_options.IsOffline)
            throw new LpossException(
                LpossErrorCode.DownloadFailed,
                $"{from} is not in the cache, and no request is allowed."
            )
            {
                Argument = nameof(DownloadOptions.IsOffline),
                Value = true,
            };
        var part = new PartFile(target);
        var delay = _options.RetryDelay;
        for (int retries = 0; ; retries++)
        {
            long before = part.Bytes;
            try
            {
                if (part.Total is null || part.Bytes != part.Total)
                    await new Transfer(_requests, _options, from, part, bytes, progress)
                        .ReceiveAsync(cancellationToken)
                        .ConfigureAwait(false);
                return await FinishAsync(from, part, target, bytes, sha256, cancellationToken).ConfigureAwait(false);
            }
            catch (BrokenTransferException error)
            {
                // A server that breaks off again and again gives the whole file in the end.
                if (part.Bytes >= before + _options.LeastBytes)
                    (retries, delay) = (0, _options.RetryDelay);
                if (retries >= _options.Retries)
                    throw new LpossException(
                        LpossErrorCode.DownloadFailed,
                        $"{from}: {error.Message}, after {retries} retries"
                            + (part.Bytes > 0 ? "; what has come is kept, and another pull resumes there." : "."),
                        error
                    );
                LogRetry(_logger, from, error.Message, delay.TotalSeconds);
            }
            await Task.Delay(delay, cancellationToken).ConfigureAwait(false);
            delay = TimeSpan.FromTicks(Math.Min(2 * delay.Ticks, s_longestDelay.Ticks));
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _client.Dispose();

    private static async Task<FetchedFile> FinishAsync(
        Uri from,
        PartFile part,
        string target,
        long? bytes,
        string? sha256,
        CancellationToken cancellationToken
    )
    {
        long have = part.Bytes;
        if (bytes is { } size && have != size)
        {
            part.Discard();
            throw new LpossException(
                LpossErrorCode.DownloadFailed,
                $"{from} has {have} bytes, and {size} are expected: it is another file"
            );
        }
        string hash = await part.HashAsync(cancellationToken).ConfigureAwait(false);
        if (sha256 is not null && hash != sha256)
        {
            part.Discard();
            throw new LpossException(
                LpossErrorCode.DownloadFailed,
                $"{from} has the SHA-256 {hash}, and {sha256} is expected: it is damaged or another file, and was not "
                    + "kept"
            );
        }
        part.Finish(target);
        return new FetchedFile(have, hash);
    }

    [LoggerMessage(LogLevel.Debug, "{From}: {Reason}; the next attempt begins in {Seconds} s")]
    private static partial void LogRetry(ILogger logger, Uri from, string reason, double seconds);
}
