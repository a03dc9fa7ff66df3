using System.Security.Cryptography;
using Lposs.Tests.Support;
using Lposs.Tools.Downloads;
using Xunit;

namespace Lposs.Tools.Tests.Downloads;

/// <summary>Transfers that break, resume, or bring another file than was expected.</summary>
public sealed class DownloaderTests : DownloaderTest
{
    [Fact]
    public async Task A_file_is_fetched_and_hashed()
    {
        using var server = new FileServer(FileServer.Serving(Sent));
        var fetched = await FetchAsync(server);
        Assert.Equal(new FetchedFile(Sent.Length, Hash(Sent)), fetched);
        AssertHas(Sent);
    }

    [Fact]
    public async Task A_broken_transfer_goes_on_where_it_broke()
    {
        int breaks = 0;
        using var server = new FileServer(
            (request, stream) =>
                FileServer.SendPartAsync(stream, Sent, request, "\"v1\"", Interlocked.Increment(ref breaks) * 100_000)
        );
        await FetchAsync(server, sha256: Hash(Sent));
        Assert.Equal([0, 100_000, 200_000], server.Requests.Select(request => request.Offset));
        AssertHas(Sent);
    }

    [Fact]
    public async Task Another_run_goes_on_where_the_last_one_gave_up()
    {
        using (
            var broken = new FileServer(
                (request, stream) => FileServer.SendPartAsync(stream, Sent, request, "\"v1\"", 50_000)
            )
        )
        {
            await RefusedAsync(broken, null, null, "50000 of 300000 bytes|broke|ended", "resumes there");
        }
        Assert.Equal(["weights.bin.part", "weights.bin.part.json"], Folder.Names());

        using var server = new FileServer(FileServer.Serving(Sent));
        await FetchAsync(server, sha256: Hash(Sent));
        Assert.Equal(50_000, Assert.Single(server.Requests).Offset);
        AssertHas(Sent);
    }

    [Fact]
    public async Task A_file_that_changed_meanwhile_begins_anew()
    {
        byte[] changed = Contents(2);
        int answers = 0;
        using var server = new FileServer(
            (request, stream) =>
                Interlocked.Increment(ref answers) == 1
                    ? FileServer.SendPartAsync(stream, Sent, request, "\"v1\"", 100_000)
                    : FileServer.SendPartAsync(stream, changed, request, "\"v2\"", changed.Length)
        );
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
        using var server = new FileServer(
            async (_, stream) =>
            {
                await FileServer.HeadAsync(
                    stream,
                    200,
                    $"{(hasTag ? "ETag: \"v1\"\r\n" : "")}Content-Length: {Sent.Length}\r\n"
                );
                await stream.WriteAsync(
                    Sent.AsMemory(0, Interlocked.Increment(ref answers) == 1 ? 100_000 : Sent.Length)
                );
            }
        );
        await FetchAsync(server, sha256: Hash(Sent));
        Assert.Equal([0, hasTag ? 100_000 : 0], server.Requests.Select(request => request.Offset));
        AssertHas(Sent);
    }

    [Fact]
    public async Task A_server_that_sends_another_part_is_not_believed()
    {
        int answers = 0;
        using var server = new FileServer(
            async (request, stream) =>
            {
                if (Interlocked.Increment(ref answers) != 2)
                {
                    await FileServer.SendPartAsync(
                        stream,
                        Sent,
                        request,
                        "\"v1\"",
                        answers == 1 ? 100_000 : Sent.Length
                    );
                    return;
                }
                await FileServer.HeadAsync(
                    stream,
                    206,
                    "ETag: \"v1\"\r\nContent-Range: bytes 0-299999/300000\r\nContent-Length: 300000\r\n"
                );
                await stream.WriteAsync(Sent);
            }
        );
        await FetchAsync(server);
        AssertHas(Sent);
    }

    [Fact]
    public async Task Range_not_satisfiable_begins_anew()
    {
        int answers = 0;
        using var server = new FileServer(
            (request, stream) =>
                Interlocked.Increment(ref answers) switch
                {
                    1 => FileServer.SendPartAsync(stream, Sent, request, "\"v1\"", 100_000),
                    2 => FileServer.HeadAsync(stream, 416),
                    _ => FileServer.SendPartAsync(stream, Sent, request, "\"v1\"", Sent.Length),
                }
        );
        await FetchAsync(server);
        Assert.Equal([0, 100_000, 0], server.Requests.Select(request => request.Offset));
        AssertHas(Sent);
    }

    [Theory]
    [InlineData(299_999)]
    [InlineData(300_001)]
    public async Task A_size_that_is_not_the_registrys_is_refused_before_anything_is_written(int expected)
    {
        using var server = new FileServer(FileServer.Serving(Sent));
        await RefusedAsync(server, expected, null, "announced with 300000 bytes", $"{expected} are expected");
        Assert.Empty(Folder.Names());
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Fewer_bytes_than_announced_are_never_taken_for_the_file()
    {
        using var server = new FileServer(
            async (_, stream) =>
            {
                await FileServer.HeadAsync(stream, 200, $"Content-Length: {Sent.Length + 1}\r\n");
                await stream.WriteAsync(Sent);
            }
        );
        await RefusedAsync(server, null, null, "after 2 retries");
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public async Task More_bytes_than_the_registry_names_are_refused_as_they_come()
    {
        using var server = new FileServer((_, stream) => SendUnannouncedAsync(stream, Sent));
        await RefusedAsync(server, 200_000, null, "more than the 200000 bytes that the registry names");
        Assert.Empty(Folder.Names());
    }

    [Fact]
    public async Task Fewer_bytes_than_the_registry_names_are_refused()
    {
        using var server = new FileServer((_, stream) => SendUnannouncedAsync(stream, Sent));
        await RefusedAsync(server, 300_001, null, "300000 of 300001 bytes");
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public async Task A_file_of_unknown_size_has_a_limit_announced_or_not()
    {
        var options = Options with { MaxUnknownBytes = 100_000 };
        using (var silent = new FileServer((_, stream) => SendUnannouncedAsync(stream, Sent)))
            await RefusedAsync(silent, null, null, options, "more than the 100000 bytes that are allowed");
        using (var announcing = new FileServer(FileServer.Serving(Sent)))
            await RefusedAsync(announcing, null, null, options, "announced with 300000 bytes", "at most 100000");
        Assert.Empty(Folder.Names());
    }

    [Fact]
    public async Task A_wrong_file_is_refused_and_not_kept()
    {
        using var server = new FileServer(FileServer.Serving(Contents(3)));
        await RefusedAsync(server, Sent.Length, Hash(Sent), Hash(Contents(3)), Hash(Sent));
        Assert.Empty(Folder.Names());
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_part_that_was_tampered_with_is_found_by_the_hash()
    {
        using (
            var broken = new FileServer(
                (request, stream) => FileServer.SendPartAsync(stream, Sent, request, "\"v1\"", 50_000)
            )
        )
            await RefusedAsync(broken, null, null, "resumes there");
        byte[] part = File.ReadAllBytes(Target + ".part");
        part[7] ^= 1;
        File.WriteAllBytes(Target + ".part", part);
        using var server = new FileServer(FileServer.Serving(Sent));
        await RefusedAsync(server, null, Hash(Sent), "SHA-256");
        Assert.Empty(Folder.Names());
    }
}
