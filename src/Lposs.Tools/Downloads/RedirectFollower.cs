using System.Net;
using System.Net.Http.Headers;

namespace Lposs.Tools.Downloads;

/// <summary>
/// Sends a request and follows redirects by hand, so that each address is checked before anything is sent to it: HTTPS
/// only, and plain HTTP only from this machine to this machine, where the caller began with it.
/// </summary>
internal sealed class RedirectFollower(HttpClient client)
{
    private const int MaxRedirects = 10;

    /// <summary>Asks for a file, or for the rest of it.</summary>
    /// <param name="address">The file.</param>
    /// <param name="offset">What is there already.</param>
    /// <param name="tag">The entity tag of what is there; given where <paramref name="offset"/> is above 0.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The answer, headers read; any status but a redirect.</returns>
    /// <exception cref="LpossException">An address is not allowed, or the redirects do not end.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        Uri address,
        long offset,
        string? tag,
        CancellationToken cancellationToken
    )
    {
        bool allowsHttp = IsPlainLoopback(address);
        var visited = new HashSet<Uri>();
        for (var at = address; ;)
        {
            if (at.Scheme != Uri.UriSchemeHttps && !(allowsHttp && IsPlainLoopback(at)))
            {
                throw new LpossException(
                    LpossErrorCode.DownloadFailed,
                    visited.Count == 0
                        ? $"{at} is not an https:// address; files are fetched over HTTPS only"
                        : $"{address} redirects to {at}, which is not HTTPS; it was not followed"
                );
            }
            if (!visited.Add(at))
                throw new LpossException(LpossErrorCode.DownloadFailed, $"{address} redirects in a circle, by {at}");
            if (visited.Count > MaxRedirects + 1)
                throw new LpossException(
                    LpossErrorCode.DownloadFailed,
                    $"{address} redirects more than {MaxRedirects} times"
                );
            using var request = Request(at, offset, tag);
            var answer = await client
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
                .ConfigureAwait(false);
            if (!IsRedirect(answer.StatusCode))
                return answer;
            using (answer)
            {
                var target =
                    answer.Headers.Location
                    ?? throw new LpossException(
                        LpossErrorCode.DownloadFailed,
                        $"{at} answers {(int)answer.StatusCode} (a redirect) and does not say where to"
                    );
                at = new Uri(at, target);
            }
        }
    }

    private static HttpRequestMessage Request(Uri address, long offset, string? tag)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("lposs", null));
        if (offset > 0)
        {
            request.Headers.Range = new RangeHeaderValue(offset, null);
            request.Headers.IfRange = new RangeConditionHeaderValue(new EntityTagHeaderValue(tag!));
        }
        return request;
    }

    private static bool IsPlainLoopback(Uri address) => address.Scheme == Uri.UriSchemeHttp && address.IsLoopback;

    private static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;
}
