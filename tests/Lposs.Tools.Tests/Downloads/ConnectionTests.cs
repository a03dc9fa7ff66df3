using System.Security.Cryptography;
using Lposs.Tests.Support;
using Lposs.Tools.Downloads;
using Xunit;

namespace Lposs.Tools.Tests.Downloads;

/// <summary>Redirects, refusals, timeouts, certificates, mirrors and proxies.</summary>
public sealed class ConnectionTests : DownloaderTest
{
    [Fact]
    public async Task Redirects_over_https_are_followed()
    {
        using var server = new FileServer(
            (request, stream) =>
                request.Path == "/weights.bin"
                    ? FileServer.HeadAsync(stream, 302, "Location: /elsewhere/..%2Fname\r\nContent-Length: 0\r\n")
                    : FileServer.SendPartAsync(stream, Sent, request, "\"v1\"", Sent.Length)
        );
        await FetchAsync(server);
        AssertHas(Sent);
        Assert.Equal(["weights.bin"], Folder.Names());
    }

    [Fact]
    public async Task A_redirect_to_plain_http_is_refused_by_name_and_not_followed()
    {
        using var plain = new FileServer(FileServer.Serving(Sent), isPlain: true);
        using var server = new FileServer(
            (_, stream) => FileServer.HeadAsync(stream, 302, $"Location: {plain.File}\r\nContent-Length: 0\r\n")
        );
        await RefusedAsync(server, null, null, $"redirects to {plain.File}", "not HTTPS");
        Assert.Empty(plain.Requests);
    }

    [Fact]
    public async Task Redirects_in_a_circle_and_without_end_are_refused()
    {
        using (
            var circle = new FileServer(
                (_, stream) => FileServer.HeadAsync(stream, 301, "Location: /weights.bin\r\nContent-Length: 0\r\n")
            )
        )
            await RefusedAsync(circle, null, null, "in a circle");
        int count = 0;
        using var endless = new FileServer(
            (_, stream) =>
                FileServer.HeadAsync(
                    stream,
                    307,
                    $"Location: /at{Interlocked.Increment(ref count)}\r\nContent-Length: 0\r\n"
                )
        );
        await RefusedAsync(endless, null, null, "more than 10 times");
        Assert.Equal(11, count);
    }

    [Theory]
    [InlineData(404, "does not exist", 1)]
    [InlineData(401, "not open to everybody", 1)]
    [InlineData(400, "answers 400", 1)]
    [InlineData(503, "answers 503", 3)]
    [InlineData(429, "answers 429", 3)]
    public async Task Refusals_of_the_server_are_named_and_only_passing_ones_tried_again(
        int status,
        string fragment,
        int requests
    )
    {
        using var server = new FileServer((_, stream) => FileServer.HeadAsync(stream, status));
        await RefusedAsync(server, null, null, fragment, server.File.ToString());
        Assert.Equal(requests, server.Requests.Count);
        Assert.Empty(Folder.Names());
    }

    [Fact]
    public async Task A_server_that_trickles_or_is_silent_counts_as_broken()
    {
        var options = Options with { Timeout = TimeSpan.FromMilliseconds(300), Retries = 0 };
        using (
            var trickling = new FileServer(
                async (_, stream) =>
                {
                    await FileServer.HeadAsync(stream, 200, "Content-Length: 1000\r\n");
                    for (int i = 0; i < 1000; i++)
                    {
                        await stream.WriteAsync(new byte[1]);
                        await stream.FlushAsync();
                        await Task.Delay(20);
                    }
                }
            )
        )
        {
            await RefusedAsync(trickling, null, null, options, "fewer than 1024 bytes came in 0.3 s");
        }
        using var silent = new FileServer((_, _) => Task.Delay(10_000));
        await RefusedAsync(silent, null, null, options, "fewer than 1024 bytes came in 0.3 s");
    }

    [Fact]
    public async Task Cancelled_it_leaves_what_has_come()
    {
        using var cancellation = new CancellationTokenSource();
        using (
            var slow = new FileServer(
                async (request, stream) =>
                {
                    await FileServer.SendPartAsync(stream, Sent, request, "\"v1\"", 100_000);
                    // Only what has been written down counts.
                    while (!File.Exists(Target + ".part") || new FileInfo(Target + ".part").Length < 100_000)
                        await Task.Delay(5);
                    await cancellation.CancelAsync();
                    await Task.Delay(10_000);
                }
            )
        )
        {
            using var downloader = new Downloader(Options, handler: FileServer.Trusting());
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                downloader.FetchAsync(slow.File, Target, null, null, null, cancellation.Token)
            );
        }
        using var server = new FileServer(FileServer.Serving(Sent));
        await FetchAsync(server, sha256: Hash(Sent));
        Assert.Equal(100_000, Assert.Single(server.Requests).Offset);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused_at_once()
    {
        using var server = new FileServer(FileServer.Serving(Sent));
        using var downloader = new Downloader(Options);
        var error = await Failing.WithAsync(
            LpossErrorCode.DownloadFailed,
            () => downloader.FetchAsync(server.File, Target, null, null, null, CancellationToken.None)
        );
        Assert.Contains("certificate", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Plain_http_is_refused_but_for_a_mirror_on_this_machine()
    {
        using var plain = new FileServer(FileServer.Serving(Sent), isPlain: true);
        using (var downloader = new Downloader(Options, handler: FileServer.Trusting()))
        {
            var error = await Failing.WithAsync(
                LpossErrorCode.DownloadFailed,
                () =>
                    downloader.FetchAsync(
                        new Uri("http://example.org/weights.bin"),
                        Target,
                        null,
                        null,
                        null,
                        CancellationToken.None
                    )
            );
            Assert.Contains("HTTPS only", error.Message, StringComparison.Ordinal);
        }
        var mirrored = Options with { Mirror = new Uri(plain.Root, "/mirror/") };
        using var mirror = new Downloader(mirrored, handler: FileServer.Trusting());
        await mirror.FetchAsync(
            new Uri("https://example.org/a/refs%2Fpr%2F7/weights.bin"),
            Target,
            null,
            null,
            null,
            CancellationToken.None
        );
        Assert.Equal("/mirror/a/refs%2Fpr%2F7/weights.bin", Assert.Single(plain.Requests).Path);
        AssertHas(Sent);
    }

    [Fact]
    public async Task A_proxy_is_asked_for_a_tunnel_and_not_for_the_file()
    {
        using var proxy = new FileServer((_, stream) => FileServer.HeadAsync(stream, 502), isPlain: true);
        using var downloader = new Downloader(Options with { Proxy = proxy.Root, Retries = 0 });
        await Failing.WithAsync(
            LpossErrorCode.DownloadFailed,
            () =>
                downloader.FetchAsync(
                    new Uri("https://models.example.org/a"),
                    Target,
                    null,
                    null,
                    null,
                    CancellationToken.None
                )
        );
        Assert.Equal("models.example.org:443", Assert.Single(proxy.Requests).Path);
    }

    [Theory]
    [InlineData("https://mirror.example.org/base", true)]
    [InlineData("http://localhost:8080", true)]
    [InlineData("http://127.0.0.1:8080", true)]
    [InlineData("http://mirror.example.org", false)]
    [InlineData("https://user@mirror.example.org", false)]
    [InlineData("file:///tmp", false)]
    public void A_mirror_is_https_or_this_machine(string address, bool isAllowed) =>
        Assert.Equal(isAllowed, DownloadOptions.IsMirror(new Uri(address)));
}
