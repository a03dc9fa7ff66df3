using System.Net;

namespace Lposs.Tools.Downloads;

/// <summary>How files are fetched.</summary>
public sealed record DownloadOptions
{
    /// <summary>
    /// Address that takes the place of scheme and host: https, or for this machine itself http. A path of its own comes
    /// before that of the file. Null: the addresses of the registry.
    /// </summary>
    public Uri? Mirror { get; init; }

    /// <summary>The proxy; null: what HTTPS_PROXY, ALL_PROXY and NO_PROXY say.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>Whether to do without any request.</summary>
    public bool IsOffline { get; init; }

    /// <summary>How often a broken transfer is retried, 0 or more. What has come is kept for the next
    /// attempt.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>The delay before the first retry; it doubles with each one, to half a minute at most.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A connection counts as broken if in this time fewer than <see cref="LeastBytes"/> come.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>See <see cref="Timeout"/>.</summary>
    public int LeastBytes { get; init; } = 1024;

    /// <summary>The most bytes of a file whose size the registry does not know.</summary>
    public long MaxUnknownBytes { get; init; } = 16L << 30;

    /// <summary>What the address of a file becomes.</summary>
    internal Uri Locate(Uri address) =>
        Mirror is { } mirror
            ? new Uri(mirror.GetLeftPart(UriPartial.Path).TrimEnd('/') + address.PathAndQuery)
            : address;

    /// <summary>The connection that these options describe: no redirect is followed by itself.</summary>
    internal SocketsHttpHandler Connect()
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = Timeout,
            UseCookies = false,
        };
        if (Proxy is { } proxy)
            handler.Proxy = new WebProxy(proxy);
        return handler;
    }

    /// <summary>Whether a mirror's address may be used.</summary>
    public static bool IsMirror(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.IsAbsoluteUri
            && address.UserInfo.Length == 0
            && address.Query.Length == 0
            && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
    }
}

/// <summary>How far a file is.</summary>
/// <param name="File">Its name.</param>
/// <param name="Bytes">What is there, of earlier fetches too.</param>
/// <param name="Total">Its size; null while nobody has said it.</param>
/// <param name="BytesPerSecond">Since this attempt began.</param>
public sealed record DownloadProgress(string File, long Bytes, long? Total, double BytesPerSecond)
{
    /// <summary>The time left at that rate; null where it cannot be known.</summary>
    public TimeSpan? Remaining =>
        Total is { } total && BytesPerSecond > 0
            ? TimeSpan.FromSeconds(Math.Min((total - Bytes) / BytesPerSecond, TimeSpan.FromDays(99).TotalSeconds))
            : null;
}
