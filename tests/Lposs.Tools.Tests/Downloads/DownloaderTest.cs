using System.Security.Cryptography;
using Lposs.Tests.Support;
using Lposs.Tools.Downloads;
using Xunit;

namespace Lposs.Tools.Tests.Downloads;

/// <summary>Tests of a download into a folder of their own.</summary>
public abstract class DownloaderTest : IDisposable
{
    private protected static readonly byte[] Sent = Contents(1);

    private protected readonly TemporaryFolder Folder = new();

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static DownloadOptions Options =>
        new() { Retries = 2, RetryDelay = TimeSpan.FromMilliseconds(10) };

    private protected string Target => Folder.At("weights.bin");

    private protected async Task<FetchedFile> FetchAsync(FileServer server, long? bytes = null, string? sha256 = null)
    {
        using var downloader = new Downloader(Options, handler: FileServer.Trusting());
        return await downloader.FetchAsync(server.File, Target, bytes, sha256, null, CancellationToken.None);
    }

    private protected Task RefusedAsync(FileServer server, long? bytes, string? sha256, params string[] fragments) =>
        RefusedAsync(server, bytes, sha256, Options, fragments);

    /// <summary>The fetch fails with one sentence that holds the fragments; "|" stands between fragments one of which
    /// is enough.</summary>
    private protected async Task RefusedAsync(
        FileServer server,
        long? bytes,
        string? sha256,
        DownloadOptions options,
        params string[] fragments
    )
    {
        using var downloader = new Downloader(options, handler: FileServer.Trusting());
        var error = await Failing.WithAsync(
            LpossErrorCode.DownloadFailed,
            () => downloader.FetchAsync(server.File, Target, bytes, sha256, null, CancellationToken.None)
        );
        foreach (string fragment in fragments)
            Assert.True(
                fragment.Split('|').Any(word => error.Message.Contains(word, StringComparison.Ordinal)),
                $"'{fragment}' is not in: {error.Message}"
            );
        Assert.False(File.Exists(Target));
    }

    private protected void AssertHas(byte[] contents)
    {
        Assert.Equal(contents, File.ReadAllBytes(Target));
        Assert.Equal(["weights.bin"], Folder.Names());
    }

    /// <summary>Neither the size is announced nor is the file sent in pieces: its end is that of the
    /// connection.</summary>
    private protected static async Task SendUnannouncedAsync(Stream stream, byte[] contents)
    {
        await FileServer.HeadAsync(stream, 200, "");
        await stream.WriteAsync(contents);
    }

    private protected static byte[] Contents(int seed)
    {
        var contents = new byte[300_000];
        new Random(seed).NextBytes(contents);
        return contents;
    }

    private protected static string Hash(byte[] contents) => Convert.ToHexStringLower(SHA256.HashData(contents));
}
