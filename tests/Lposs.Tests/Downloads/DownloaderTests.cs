using System.Security.Cryptography;
using Lposs.Downloads;
using Lposs.Tests.Imaging;
using Xunit;

namespace Lposs.Tests.Downloads;

public sealed class DownloaderTests : IDisposable
{
    private static readonly byte[] s_contents = Contents(1);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_is_fetched_and_hashed()
    {
        using var server = new FileServer(FileServer.Serving(s_contents));
        var fetched = await FetchAsync(server);
        Assert.Equal(new FetchedFile(s_contents.Length, Hash(s_contents)), fetched);
        AssertHas(s_contents);
    }

    [Fact]
    public async Task A_broken_transfer_goes_on_where_it_broke()
    {
        int breaks = 0;
        using var server = new FileServer((request, stream) =>
            FileServer.SendPartAsync(stream, s_contents, request, "\"v1\"", Interlocked.Increment(ref breaks) * 100_000));
        await FetchAsync(server, sha256: Hash(s_contents));
        Assert.Equal([0, 100_000, 200_000], server.Requests.Select(request => request.Offset));
        AssertHas(s_contents);
    }

    [Fact]
    public async Task Another_run_goes_on_where_the_last_one_gave_up()
    {
        using (var broken = new FileServer((request, stream) => FileServer.SendPartAsync(stream, s_contents, request, "\"v1\"", 50_000)))
        {
            await RefusedAsync(broken, null, null, "50000 of 300000 bytes|broke|ended", "goes on from there");
        }
        Assert.Equal(["weights.bin.part", "weights.bin.part.json"], _folder.Names());

        using var server = new FileServer(FileServer.Serving(s_contents));
        await FetchAsync(server, sha256: Hash(s_contents));
        Assert.Equal(50_000, Assert.Single(server.Requests).Offset);
        AssertHas(s_contents);
    }

    [Fact]
    public async Task A_file_that_changed_meanwhile_begins_anew()
    {
        byte[] changed = Contents(2);
        int answers = 0;
        using var server = new FileServer((request, stream) => Interlocked.Increment(ref answers) == 1
            ? FileServer.SendPartAsync(stream, s_contents, request, "\"v1\"", 100_000)
            : FileServer.SendPartAsync(stream, changed, request, "\"v2\"", changed.Length));
        await FetchAsync(server);
        Assert.Equal("\"v1\"", server.Requests[1].Headers["if-range"]);
        AssertHas(changed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_ranges_or_without_a_tag_it_begins_anew(bool hasTag)
    {
        int answers = 0;
        using var server = new FileServer(async (_, stream) =>
        {
            await FileServer.HeadAsync(stream, 200, $"{(hasTag ? "ETag: \"v1\"\r\n" : "")}Content-Length: {s_contents.Length}\r\n");
            await stream.WriteAsync(s_contents.AsMemory(0, Interlocked.Increment(ref answers) == 1 ? 100_000 : s_contents.Length));
        });
        await FetchAsync(server, sha256: Hash(s_contents));
        Assert.Equal([0, hasTag ? 100_000 : 0], server.Requests.Select(request => request.Offset));
        AssertHas(s_contents);
    }

    [Fact]
    public async Task A_server_that_sends_another_part_is_not_believed()
    {
        int answers = 0;
        using var server = new FileServer(async (request, stream) =>
        {
            if (Interlocked.Increment(ref answers) != 2)
            {
                await FileServer.SendPartAsync(stream, s_contents, request, "\"v1\"", answers == 1 ? 100_000 : s_contents.Length);
                return;
            }
            await FileServer.HeadAsync(stream, 206, "ETag: \"v1\"\r\nContent-Range: bytes 0-299999/300000\r\nContent-Length: 300000\r\n");
            await stream.WriteAsync(s_contents);
        });
        await FetchAsync(server);
        AssertHas(s_contents);
    }

    [Fact]
    public async Task Range_not_satisfiable_begins_anew()
    {
        int answers = 0;
        using var server = new FileServer((request, stream) => Interlocked.Increment(ref answers) switch
        {
            1 => FileServer.SendPartAsync(stream, s_contents, request, "\"v1\"", 100_000),
            2 => FileServer.HeadAsync(stream, 416),
            _ => FileServer.SendPartAsync(stream, s_contents, request, "\"v1\"", s_contents.Length),
        });
        await FetchAsync(server);
        Assert.Equal([0, 100_000, 0], server.Requests.Select(request => request.Offset));
        AssertHas(s_contents);
    }

    [Theory]
    [InlineData(299_999)]
    [InlineData(300_001)]
    public async Task A_size_that_is_not_the_registrys_is_refused_before_anything_is_written(int expected)
    {
        using var server = new FileServer(FileServer.Serving(s_contents));
        await RefusedAsync(server, expected, null, "announced with 300000 bytes", $"{expected} are expected");
        Assert.Empty(_folder.Names());
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Fewer_bytes_than_announced_are_never_taken_for_the_file()
    {
        using var server = new FileServer(async (_, stream) =>
        {
            await FileServer.HeadAsync(stream, 200, $"Content-Length: {s_contents.Length + 1}\r\n");
            await stream.WriteAsync(s_contents);
        });
        await RefusedAsync(server, null, null, "in 3 tries");
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public async Task More_bytes_than_the_registry_names_are_refused_as_they_come()
    {
        using var server = new FileServer((_, stream) => SendUnannouncedAsync(stream, s_contents));
        await RefusedAsync(server, 200_000, null, "more than the 200000 bytes that the registry names");
        Assert.Empty(_folder.Names());
    }

    [Fact]
    public async Task Fewer_bytes_than_the_registry_names_are_refused()
    {
        using var server = new FileServer((_, stream) => SendUnannouncedAsync(stream, s_contents));
        await RefusedAsync(server, 300_001, null, "300000 of 300001 bytes");
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public async Task A_file_of_unknown_size_has_a_limit_announced_or_not()
    {
        var options = Options with { MaxUnknownBytes = 100_000 };
        using (var silent = new FileServer((_, stream) => SendUnannouncedAsync(stream, s_contents)))
            await RefusedAsync(silent, null, null, options, "more than the 100000 bytes that are allowed");
        using (var announcing = new FileServer(FileServer.Serving(s_contents)))
            await RefusedAsync(announcing, null, null, options, "announced with 300000 bytes", "at most 100000");
        Assert.Empty(_folder.Names());
    }

    [Fact]
    public async Task A_wrong_file_is_refused_and_not_kept()
    {
        using var server = new FileServer(FileServer.Serving(Contents(3)));
        await RefusedAsync(server, s_contents.Length, Hash(s_contents), Hash(Contents(3)), Hash(s_contents));
        Assert.Empty(_folder.Names());
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_part_that_was_tampered_with_is_found_by_the_hash()
    {
        using (var broken = new FileServer((request, stream) => FileServer.SendPartAsync(stream, s_contents, request, "\"v1\"", 50_000)))
            await RefusedAsync(broken, null, null, "goes on from there");
        byte[] part = File.ReadAllBytes(Target + ".part");
        part[7] ^= 1;
        File.WriteAllBytes(Target + ".part", part);
        using var server = new FileServer(FileServer.Serving(s_contents));
        await RefusedAsync(server, null, Hash(s_contents), "SHA-256");
        Assert.Empty(_folder.Names());
    }

    [Fact]
    public async Task Redirects_over_https_are_followed()
    {
        using var server = new FileServer((request, stream) => request.Path == "/weights.bin"
            ? FileServer.HeadAsync(stream, 302, "Location: /elsewhere/..%2Fname\r\nContent-Length: 0\r\n")
            : FileServer.SendPartAsync(stream, s_contents, request, "\"v1\"", s_contents.Length));
        await FetchAsync(server);
        AssertHas(s_contents);
        Assert.Equal(["weights.bin"], _folder.Names());
    }

    [Fact]
    public async Task A_redirect_to_plain_http_is_refused_by_name_and_not_followed()
    {
        using var plain = new FileServer(FileServer.Serving(s_contents), isPlain: true);
        using var server = new FileServer((_, stream) => FileServer.HeadAsync(stream, 302, $"Location: {plain.File}\r\nContent-Length: 0\r\n"));
        await RefusedAsync(server, null, null, $"redirects to {plain.File}", "not HTTPS");
        Assert.Empty(plain.Requests);
    }

    [Fact]
    public async Task Redirects_in_a_circle_and_without_end_are_refused()
    {
        using (var circle = new FileServer((_, stream) => FileServer.HeadAsync(stream, 301, "Location: /weights.bin\r\nContent-Length: 0\r\n")))
            await RefusedAsync(circle, null, null, "in a circle");
        int count = 0;
        using var endless = new FileServer((_, stream) =>
            FileServer.HeadAsync(stream, 307, $"Location: /at{Interlocked.Increment(ref count)}\r\nContent-Length: 0\r\n"));
        await RefusedAsync(endless, null, null, "more than 10 times");
        Assert.Equal(11, count);
    }

    [Theory]
    [InlineData(404, "does not exist", 1)]
    [InlineData(401, "not open to everybody", 1)]
    [InlineData(400, "answers 400", 1)]
    [InlineData(503, "answers 503", 3)]
    [InlineData(429, "answers 429", 3)]
    public async Task Refusals_of_the_server_are_named_and_only_passing_ones_tried_again(int status, string fragment, int requests)
    {
        using var server = new FileServer((_, stream) => FileServer.HeadAsync(stream, status));
        await RefusedAsync(server, null, null, fragment, server.File.ToString());
        Assert.Equal(requests, server.Requests.Count);
        Assert.Empty(_folder.Names());
    }

    [Fact]
    public async Task A_server_that_trickles_or_is_silent_counts_as_broken()
    {
        var options = Options with { Patience = TimeSpan.FromMilliseconds(300), Tries = 1 };
        using (var trickling = new FileServer(async (_, stream) =>
        {
            await FileServer.HeadAsync(stream, 200, "Content-Length: 1000\r\n");
            for (int i = 0; i < 1000; i++)
            {
                await stream.WriteAsync(new byte[1]);
                await stream.FlushAsync();
                await Task.Delay(20);
            }
        }))
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
        using (var slow = new FileServer(async (request, stream) =>
        {
            await FileServer.SendPartAsync(stream, s_contents, request, "\"v1\"", 100_000);
            // Only what has been written down counts.
            while (!File.Exists(Target + ".part") || new FileInfo(Target + ".part").Length < 100_000)
                await Task.Delay(5);
            await cancellation.CancelAsync();
            await Task.Delay(10_000);
        }))
        {
            using var downloader = new Downloader(Options, FileServer.Trusting());
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => downloader.FetchAsync(slow.File, Target, null, null, null, cancellation.Token));
        }
        using var server = new FileServer(FileServer.Serving(s_contents));
        await FetchAsync(server, sha256: Hash(s_contents));
        Assert.Equal(100_000, Assert.Single(server.Requests).Offset);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused_at_once()
    {
        using var server = new FileServer(FileServer.Serving(s_contents));
        using var downloader = new Downloader(Options);
        var error = await Assert.ThrowsAsync<DownloadException>(
            () => downloader.FetchAsync(server.File, Target, null, null, null, CancellationToken.None));
        Assert.Contains("certificate", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Plain_http_is_refused_but_for_a_mirror_on_this_machine()
    {
        using var plain = new FileServer(FileServer.Serving(s_contents), isPlain: true);
        using (var downloader = new Downloader(Options, FileServer.Trusting()))
        {
            var error = await Assert.ThrowsAsync<DownloadException>(
                () => downloader.FetchAsync(new Uri("http://example.org/weights.bin"), Target, null, null, null, CancellationToken.None));
            Assert.Contains("HTTPS only", error.Message, StringComparison.Ordinal);
        }
        var mirrored = Options with { Mirror = new Uri(plain.Root, "/mirror/") };
        using var mirror = new Downloader(mirrored, FileServer.Trusting());
        await mirror.FetchAsync(new Uri("https://example.org/a/refs%2Fpr%2F7/weights.bin"), Target, null, null, null, CancellationToken.None);
        Assert.Equal("/mirror/a/refs%2Fpr%2F7/weights.bin", Assert.Single(plain.Requests).Path);
        AssertHas(s_contents);
    }

    [Fact]
    public async Task A_proxy_is_asked_for_a_tunnel_and_not_for_the_file()
    {
        using var proxy = new FileServer((_, stream) => FileServer.HeadAsync(stream, 502), isPlain: true);
        using var downloader = new Downloader(Options with { Proxy = proxy.Root, Tries = 1 });
        await Assert.ThrowsAsync<DownloadException>(
            () => downloader.FetchAsync(new Uri("https://models.example.org/a"), Target, null, null, null, CancellationToken.None));
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

    private static DownloadOptions Options => new() { Tries = 3, FirstWait = TimeSpan.FromMilliseconds(10) };

    private string Target => _folder.At("weights.bin");

    private async Task<FetchedFile> FetchAsync(FileServer server, long? bytes = null, string? sha256 = null)
    {
        using var downloader = new Downloader(Options, FileServer.Trusting());
        return await downloader.FetchAsync(server.File, Target, bytes, sha256, null, CancellationToken.None);
    }

    private Task RefusedAsync(FileServer server, long? bytes, string? sha256, params string[] fragments) =>
        RefusedAsync(server, bytes, sha256, Options, fragments);

    /// <summary>The fetch fails with one sentence that holds the fragments; "|" stands between fragments one of which is enough.</summary>
    private async Task RefusedAsync(FileServer server, long? bytes, string? sha256, DownloadOptions options, params string[] fragments)
    {
        using var downloader = new Downloader(options, FileServer.Trusting());
        var error = await Assert.ThrowsAsync<DownloadException>(
            () => downloader.FetchAsync(server.File, Target, bytes, sha256, null, CancellationToken.None));
        foreach (string fragment in fragments)
            Assert.True(fragment.Split('|').Any(word => error.Message.Contains(word, StringComparison.Ordinal)), $"'{fragment}' is not in: {error.Message}");
        Assert.False(File.Exists(Target));
    }

    private void AssertHas(byte[] contents)
    {
        Assert.Equal(contents, File.ReadAllBytes(Target));
        Assert.Equal(["weights.bin"], _folder.Names());
    }

    /// <summary>Neither the size is announced nor is the file sent in pieces: its end is that of the connection.</summary>
    private static async Task SendUnannouncedAsync(Stream stream, byte[] contents)
    {
        await FileServer.HeadAsync(stream, 200, "");
        await stream.WriteAsync(contents);
    }

    private static byte[] Contents(int seed)
    {
        var contents = new byte[300_000];
        new Random(seed).NextBytes(contents);
        return contents;
    }

    private static string Hash(byte[] contents) => Convert.ToHexStringLower(SHA256.HashData(contents));
}
