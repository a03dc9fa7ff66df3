using System.Net;

namespace Lposs.Downloads;

/// <summary>How files are fetched.</summary>
public sealed record DownloadOptions
{
    /// <summary>
    /// Address that takes the place of scheme and host: https, or for this machine itself http. A path of its own comes before
    /// that of the file. Null: the addresses of the registry.
    /// </summary>
    public Uri? Mirror { get; init; }

    /// <summary>The proxy; null: what HTTPS_PROXY, ALL_PROXY and NO_PROXY say.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>Whether to do without any request.</summary>
    public bool IsOffline { get; init; }

    /// <summary>How often a file is tried in one run, 1 or more. What has come is kept for the next try and the next run.</summary>
    public int Tries { get; init; } = 6;

    /// <summary>The wait after the first break; it doubles with each one, to half a minute at most.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A connection counts as broken if in this time fewer than <see cref="LeastBytes"/> come.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>See <see cref="Patience"/>.</summary>
    public int LeastBytes { get; init; } = 1024;

    /// <summary>The most bytes of a file whose size the registry does not know.</summary>
    public long MaxUnknownBytes { get; init; } = 16L << 30;

    /// <summary>What the address of a file becomes.</summary>
    internal Uri Locate(Uri address) => Mirror is { } mirror
        ? new Uri(mirror.GetLeftPart(UriPartial.Path).TrimEnd('/') + address.PathAndQuery)
        : address;

    /// <summary>The connection that these options describe: no redirect is followed by itself.</summary>
    internal SocketsHttpHandler Connect()
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = Patience,
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
        return address.IsAbsoluteUri && address.UserInfo.Length == 0 && address.Query.Length == 0
            && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
    }
}
