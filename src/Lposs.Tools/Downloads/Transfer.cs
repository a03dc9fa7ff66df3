using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Authentication;

namespace Lposs.Tools.Downloads;

/// <summary>
/// One file on its way: asks for what is missing of it and appends what comes. Sizes are checked against what is
/// expected, against what the server announced, and against what comes.
/// </summary>
/// <param name="requests">Sends the requests.</param>
/// <param name="options">How files are fetched.</param>
/// <param name="from">Where the file is.</param>
/// <param name="part">What has come of it.</param>
/// <param name="expected">Its size, or null if that is not known.</param>
/// <param name="progress">Told how far it is, a few times a second; null is accepted.</param>
internal sealed class Transfer(
    RedirectFollower requests,
    DownloadOptions options,
    Uri from,
    PartFile part,
    long? expected,
    IProgress<DownloadProgress>? progress
)
{
    private const int BlockBytes = 1 << 17;
    private static readonly TimeSpan s_reportInterval = TimeSpan.FromMilliseconds(200);

    private readonly long _started = Stopwatch.GetTimestamp();
    private long _reported = Stopwatch.GetTimestamp();

    /// <summary>Receives the file, or what is missing of it.</summary>
    /// <exception cref="BrokenTransferException">Another attempt may go on from there.</exception>
    /// <exception cref="LpossException">The file cannot be had, or is another one.</exception>
    public async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        if (part.Tag is null)
            part.Discard();
        long offset = part.Bytes;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            timeout.CancelAfter(options.Timeout);
            using var answer = await requests.SendAsync(from, offset, part.Tag, timeout.Token).ConfigureAwait(false);
            RejectStatus(answer);
            bool isRest = answer.StatusCode == HttpStatusCode.PartialContent;
            if (isRest && !Continues(answer, offset))
            {
                part.Discard();
                throw new BrokenTransferException("the server sent another part of the file than was asked for");
            }
            long? total = isRest ? part.Total : answer.Content.Headers.ContentLength;
            RejectSize(total);
            if (!isRest)
                part.Begin(answer.Headers.ETag is { IsWeak: false } tag ? tag.Tag : null, total);
            using var body = await answer.Content.ReadAsStreamAsync(timeout.Token).ConfigureAwait(false);
            await CopyAsync(body, total, timeout).ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BrokenTransferException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"fewer than {options.LeastBytes} bytes came in {options.Timeout.TotalSeconds:0.#} s"
                ),
                error
            );
        }
        catch (HttpRequestException error)
        {
            // Another attempt finds no other certificate and no other name.
            if (
                error.InnerException is AuthenticationException
                || error.HttpRequestError == HttpRequestError.NameResolutionError
            )
                throw new LpossException(
                    LpossErrorCode.DownloadFailed,
                    $"{from} cannot be reached: {Innermost(error)}",
                    error
                );
            throw new BrokenTransferException(Innermost(error), error);
        }
    }

    private async Task CopyAsync(Stream body, long? total, CancellationTokenSource timeout)
    {
        long limit = expected ?? total ?? options.MaxUnknownBytes;
        long start = part.Bytes,
            have = start,
            inWindow = 0;
        var block = new byte[BlockBytes];
        var file = part.Append();
        await using var closing = file.ConfigureAwait(false);
        timeout.CancelAfter(options.Timeout);
        while (true)
        {
            int read = await ReadAsync(body, block, timeout.Token).ConfigureAwait(false);
            if (read == 0)
                break;
            if (have + read > limit)
            {
                await file.DisposeAsync().ConfigureAwait(false);
                part.Discard();
                throw new LpossException(
                    LpossErrorCode.DownloadFailed,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{from} sends more than the {limit} bytes that "
                            + $"{(expected is null ? "are allowed" : "the registry names")}; it was refused"
                    )
                );
            }
            await file.WriteAsync(block.AsMemory(0, read), timeout.Token).ConfigureAwait(false);
            have += read;
            inWindow += read;
            // A server that trickles is not given a new term for every byte.
            if (inWindow >= options.LeastBytes)
            {
                timeout.CancelAfter(options.Timeout);
                inWindow = 0;
            }
            Report(start, have, expected ?? total);
        }
        if (have < (expected ?? total ?? 0))
            throw new BrokenTransferException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the server ended after {have} of {expected ?? total} bytes"
                )
            );
    }

    // The network's failures come as IOException, and so do the disk's; only the former are retried.
    private static async Task<int> ReadAsync(Stream body, byte[] block, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAsync(block, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException error)
        {
            throw new BrokenTransferException($"the connection broke ({error.Message.TrimEnd('.')})", error);
        }
    }

    private void RejectStatus(HttpResponseMessage answer)
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
                throw new LpossException(
                    LpossErrorCode.DownloadFailed,
                    $"{from} answers {status}: it is not open to everybody, or not there"
                );
            case 404 or 410:
                throw new LpossException(
                    LpossErrorCode.DownloadFailed,
                    $"{from} does not exist (the server answers {status}); it may have moved"
                );
            default:
                throw new LpossException(
                    LpossErrorCode.DownloadFailed,
                    $"{from} answers {status}, where the file was expected"
                );
        }
    }

    private bool Continues(HttpResponseMessage answer, long offset) =>
        answer.Content.Headers.ContentRange is { HasRange: true } range
        && range.From == offset
        && (range.Length is null || part.Total is null || range.Length == part.Total)
        && (answer.Headers.ETag is null || answer.Headers.ETag.Tag == part.Tag);

    private void RejectSize(long? announced)
    {
        if (announced is not { } size)
            return;
        if (expected is { } right && size != right)
            throw new LpossException(
                LpossErrorCode.DownloadFailed,
                $"{from} is announced with {size} bytes, and {right} are expected: it is another file"
            );
        if (size > options.MaxUnknownBytes)
            throw new LpossException(
                LpossErrorCode.DownloadFailed,
                $"{from} is announced with {size} bytes; at most {options.MaxUnknownBytes} are fetched"
            );
    }

    private static string Innermost(Exception error)
    {
        while (error.InnerException is { } inner)
            error = inner;
        return error.Message.TrimEnd('.');
    }

    private void Report(long start, long have, long? total)
    {
        if (progress is null || (have != total && Stopwatch.GetElapsedTime(_reported) < s_reportInterval))
            return;
        _reported = Stopwatch.GetTimestamp();
        double seconds = Math.Max(Stopwatch.GetElapsedTime(_started).TotalSeconds, 1e-3);
        progress.Report(new DownloadProgress(part.Name, have, total, (have - start) / seconds));
    }
}

/// <summary>Something that another attempt may mend.</summary>
internal sealed class BrokenTransferException(string message, Exception? cause = null) : Exception(message, cause);
