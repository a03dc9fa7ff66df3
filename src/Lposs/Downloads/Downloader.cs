using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Authentication;

namespace Lposs.Downloads;

/// <summary>What came of a file.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its SHA-256, lower-case hexadecimal digits.</param>
public sealed record FetchedFile(long Bytes, string Sha256);

/// <summary>
/// Fetches files over HTTPS: written beside and renamed when whole and right, taken up again after a break. Sizes are checked against what is expected, against what the server announced, and against what comes;
/// the hash is that of the whole file as it lies on the disk, whatever tries and runs its parts came in.
/// </summary>
public sealed class Downloader : IDisposable
{
    private const int BlockBytes = 1 << 17;
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_reportInterval = TimeSpan.FromMilliseconds(200);

    private readonly DownloadOptions _options;
    private readonly HttpClient _client;
    private readonly RedirectFollower _requests;

    /// <param name="options">How files are fetched.</param>
    public Downloader(DownloadOptions options)
        : this(options, (options ?? throw new ArgumentNullException(nameof(options))).Connect())
    {
    }

    /// <summary>For tests, whose server has a certificate that nobody else trusts.</summary>
    internal Downloader(DownloadOptions options, HttpMessageHandler handler)
    {
        _options = options;
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _requests = new RedirectFollower(_client);
    }

    /// <summary>Fetches one file. Cancelled, it leaves what has come for the next time.</summary>
    /// <param name="address">Where it is published; the mirror of the options applies.</param>
    /// <param name="target">Where it is to lie; the folder exists.</param>
    /// <param name="bytes">Its size, or null if that is not known.</param>
    /// <param name="sha256">Its hash, or null if that is not known.</param>
    /// <param name="progress">Told how far it is, a few times a second; null is accepted.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="DownloadException">The file cannot be had, or is another one.</exception>
    public async Task<FetchedFile> FetchAsync(
        Uri address, string target, long? bytes, string? sha256, Action<DownloadProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentException.ThrowIfNullOrEmpty(target);
        var from = _options.Locate(address);
        if (_options.IsOffline)
            throw new DownloadException($"{from} is not in the cache, and --offline allows no request");
        var part = new PartFile(target);
        var wait = _options.FirstWait;
        for (int tried = 1; ; tried++)
        {
            try
            {
                if (part.Total is null || part.Bytes != part.Total)
                    await ReceiveAsync(from, part, bytes, Reporter(target, progress), cancellation);
                return await FinishAsync(from, part, target, bytes, sha256, cancellation);
            }
            catch (BrokenTransferException error)
            {
                if (tried >= _options.Tries)
                    throw new DownloadException($"{from}: {error.Message}, in {tried} tries; what has come is kept, and another pull goes on from there", error);
            }
            await Task.Delay(wait, cancellation);
            wait = TimeSpan.FromTicks(Math.Min(2 * wait.Ticks, s_longestWait.Ticks));
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _client.Dispose();

    private async Task ReceiveAsync(Uri from, PartFile part, long? expected, Action<long, long, long?> report, CancellationToken cancellation)
    {
        if (part.Tag is null)
            part.Discard();
        long offset = part.Bytes;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            patience.CancelAfter(_options.Patience);
            using var answer = await _requests.SendAsync(from, offset, part.Tag, patience.Token);
            RefuseStatus(from, answer, part);
            bool isRest = answer.StatusCode == HttpStatusCode.PartialContent;
            if (isRest && !Continues(answer, part, offset))
            {
                part.Discard();
                throw new BrokenTransferException("the server sent another part of the file than was asked for");
            }
            long? total = isRest ? part.Total : answer.Content.Headers.ContentLength;
            RefuseSize(from, total, expected);
            if (!isRest)
                part.Begin(answer.Headers.ETag is { IsWeak: false } tag ? tag.Tag : null, total);
            await using var body = await answer.Content.ReadAsStreamAsync(patience.Token);
            await CopyAsync(from, body, part, total, expected, report, patience);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new BrokenTransferException(
                string.Create(CultureInfo.InvariantCulture, $"fewer than {_options.LeastBytes} bytes came in {_options.Patience.TotalSeconds:0.#} s"), error);
        }
        catch (HttpRequestException error)
        {
            // Another try finds no other certificate and no other name.
            if (error.InnerException is AuthenticationException || error.HttpRequestError == HttpRequestError.NameResolutionError)
                throw new DownloadException($"{from} cannot be reached: {Innermost(error)}", error);
            throw new BrokenTransferException(Innermost(error), error);
        }
    }

    private async Task CopyAsync(
        Uri from, Stream body, PartFile part, long? total, long? expected, Action<long, long, long?> report, CancellationTokenSource patience)
    {
        long limit = expected ?? total ?? _options.MaxUnknownBytes;
        long start = part.Bytes, have = start, inWindow = 0;
        var block = new byte[BlockBytes];
        await using var file = part.Append();
        patience.CancelAfter(_options.Patience);
        while (true)
        {
            int read = await ReadAsync(body, block, patience.Token);
            if (read == 0)
                break;
            if (have + read > limit)
            {
                await file.DisposeAsync();
                part.Discard();
                throw new DownloadException(string.Create(CultureInfo.InvariantCulture,
                    $"{from} sends more than the {limit} bytes that {(expected is null ? "are allowed" : "the registry names")}; it was refused"));
            }
            await file.WriteAsync(block.AsMemory(0, read), patience.Token);
            have += read;
            inWindow += read;
            // A server that trickles is not given a new term for every byte.
            if (inWindow >= _options.LeastBytes)
            {
                patience.CancelAfter(_options.Patience);
                inWindow = 0;
            }
            report(start, have, expected ?? total);
        }
        if (have < (expected ?? total ?? 0))
            throw new BrokenTransferException(string.Create(CultureInfo.InvariantCulture, $"the server ended after {have} of {expected ?? total} bytes"));
    }

    // The network's failures come as IOException, and so do the disk's; only the former are tried again.
    private static async Task<int> ReadAsync(Stream body, byte[] block, CancellationToken cancellation)
    {
        try
        {
            return await body.ReadAsync(block, cancellation);
        }
        catch (IOException error)
        {
            throw new BrokenTransferException($"the connection broke ({error.Message.TrimEnd('.')})", error);
        }
    }

    private static async Task<FetchedFile> FinishAsync(
        Uri from, PartFile part, string target, long? bytes, string? sha256, CancellationToken cancellation)
    {
        long have = part.Bytes;
        if (bytes is { } size && have != size)
        {
            part.Discard();
            throw new DownloadException($"{from} has {have} bytes, and {size} are expected: it is another file");
        }
        string hash = await part.HashAsync(cancellation);
        if (sha256 is not null && hash != sha256)
        {
            part.Discard();
            throw new DownloadException($"{from} has the SHA-256 {hash}, and {sha256} is expected: it is damaged or another file, and was not kept");
        }
        part.Finish(target);
        return new FetchedFile(have, hash);
    }

    private static void RefuseStatus(Uri from, HttpResponseMessage answer, PartFile part)
    {
        int status = (int)answer.StatusCode;
        switch (status)
        {
            case 200:
            case 206 when part.Bytes > 0:
                return;
            case 416:
                part.Discard();
                throw new BrokenTransferException("the server does not have the rest of what is here");
            case 408 or 429 or >= 500:
                throw new BrokenTransferException($"the server answers {status}");
            case 401 or 403:
                throw new DownloadException($"{from} answers {status}: it is not open to everybody, or not there");
            case 404 or 410:
                throw new DownloadException($"{from} does not exist (the server answers {status}); it may have moved");
            default:
                throw new DownloadException($"{from} answers {status}, where the file was expected");
        }
    }

    private static bool Continues(HttpResponseMessage answer, PartFile part, long offset) =>
        answer.Content.Headers.ContentRange is { HasRange: true } range
        && range.From == offset
        && (range.Length is null || part.Total is null || range.Length == part.Total)
        && (answer.Headers.ETag is null || answer.Headers.ETag.Tag == part.Tag);

    private void RefuseSize(Uri from, long? announced, long? expected)
    {
        if (announced is not { } size)
            return;
        if (expected is { } right && size != right)
            throw new DownloadException($"{from} is announced with {size} bytes, and {right} are expected: it is another file");
        if (size > _options.MaxUnknownBytes)
            throw new DownloadException($"{from} is announced with {size} bytes; at most {_options.MaxUnknownBytes} are fetched");
    }

    private static Action<long, long, long?> Reporter(string target, Action<DownloadProgress>? progress)
    {
        long started = Stopwatch.GetTimestamp(), last = started;
        return (start, have, total) =>
        {
            if (progress is null || (have != total && Stopwatch.GetElapsedTime(last) < s_reportInterval))
                return;
            last = Stopwatch.GetTimestamp();
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            progress(new DownloadProgress(Path.GetFileName(target), have, total, (have - start) / Math.Max(seconds, 1e-3)));
        };
    }

    private static string Innermost(Exception error)
    {
        while (error.InnerException is { } inner)
            error = inner;
        return error.Message.TrimEnd('.');
    }

    /// <summary>Something that another try may mend.</summary>
    private sealed class BrokenTransferException(string message, Exception? cause = null) : Exception(message, cause);
}
