using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Lposs.Tests.Support;

/// <summary>A request as the server read it.</summary>
internal sealed record ServedRequest(string Path, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>Where the wanted part begins; 0 where the whole file is wanted.</summary>
    public int Offset =>
        Headers.TryGetValue("range", out string? range)
            ? int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture)
            : 0;
}

/// <summary>
/// An HTTPS server on this machine with a certificate of its own, which writes whatever its test wants, lies among it.
/// Each connection is good for one request.
/// </summary>
internal sealed class FileServer : IDisposable
{
    private static readonly X509Certificate2 s_certificate = Certify();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<ServedRequest, Stream, Task> _answer;
    private readonly bool _isPlain;
    private readonly List<ServedRequest> _requests = [];

    public FileServer(Func<ServedRequest, Stream, Task> answer, bool isPlain = false)
    {
        (_answer, _isPlain) = (answer, isPlain);
        _listener.Start();
        Root = new Uri(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(isPlain ? "http" : "https")}://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}"
            )
        );
        _ = AcceptAsync();
    }

    public Uri Root { get; }

    public Uri File => new(Root, "/weights.bin");

    public IReadOnlyList<ServedRequest> Requests
    {
        get
        {
            lock (_requests)
                return [.. _requests];
        }
    }

    /// <summary>The certificate, for a process to trust.</summary>
    public static string CertificatePem => s_certificate.ExportCertificatePem();

    /// <summary>A connection that trusts this server's certificate and no other.</summary>
    public static SocketsHttpHandler Trusting() =>
        new()
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            SslOptions =
            {
                RemoteCertificateValidationCallback = (_, found, _, _) =>
                    found?.GetCertHashString() == s_certificate.GetCertHashString(),
            },
        };

    /// <summary>Serves a file as a good server does, parts of it among that.</summary>
    public static Func<ServedRequest, Stream, Task> Serving(byte[] contents, string tag = "\"v1\"") =>
        (request, stream) => SendPartAsync(stream, contents, request, tag, contents.Length);

    /// <summary>Sends the file from where it is wanted, breaking the connection at a byte of the file.</summary>
    public static async Task SendPartAsync(
        Stream stream,
        byte[] contents,
        ServedRequest request,
        string tag,
        int breakAt
    )
    {
        bool isRest = request.Offset > 0 && request.Headers.GetValueOrDefault("if-range") == tag;
        int from = isRest ? request.Offset : 0;
        string range = isRest
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"Content-Range: bytes {from}-{contents.Length - 1}/{contents.Length}\r\n"
            )
            : "";
        await HeadAsync(
            stream,
            isRest ? 206 : 200,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{range}ETag: {tag}\r\nContent-Length: {contents.Length - from}\r\n"
            )
        );
        if (breakAt > from)
            await stream.WriteAsync(contents.AsMemory(from, breakAt - from));
        await stream.FlushAsync();
    }

    /// <summary>Sends a status line and headers.</summary>
    public static async Task HeadAsync(Stream stream, int status, string headers = "Content-Length: 0\r\n") =>
        await stream.WriteAsync(
            System.Text.Encoding.ASCII.GetBytes(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"HTTP/1.1 {status} Status\r\n{headers}Connection: close\r\n\r\n"
                )
            )
        );

    public void Dispose()
    {
        _end.Cancel();
        _listener.Stop();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var end = _end.Token;
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(end), end);
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken end)
    {
        using (client)
        {
            try
            {
                Stream stream = client.GetStream();
                if (!_isPlain)
                {
                    var secure = new SslStream(stream);
                    await secure.AuthenticateAsServerAsync(
                        new SslServerAuthenticationOptions { ServerCertificate = s_certificate },
                        end
                    );
                    stream = secure;
                }
                await using (stream)
                {
                    if (await ReadRequestAsync(stream) is not { } request)
                        return;
                    lock (_requests)
                        _requests.Add(request);
                    await _answer(request, stream);
                }
            }
            catch (Exception error)
                when (error
                        is IOException
                            or OperationCanceledException
                            or SocketException
                            or System.Security.Authentication.AuthenticationException
                )
            {
                // The client went away, which is what some tests are about; what it made of it they check themselves.
            }
        }
    }

    private static async Task<ServedRequest?> ReadRequestAsync(Stream stream)
    {
        var lines = new List<string>();
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one) == 1)
        {
            if (one[0] == '\n')
            {
                if (line.Length == 0)
                    break;
                lines.Add(line.ToString());
                line.Clear();
            }
            else if (one[0] != '\r')
            {
                line.Append((char)one[0]);
            }
        }
        return lines.Count == 0
            ? null
            : new ServedRequest(
                lines[0].Split(' ')[1],
                lines
                    .Skip(1)
                    .Select(header => header.Split(": ", 2))
                    .ToDictionary(header => header[0].ToLowerInvariant(), header => header[1])
            );
    }

    private static X509Certificate2 Certify()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
