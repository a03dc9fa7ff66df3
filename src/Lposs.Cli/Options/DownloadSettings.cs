using System.CommandLine;
using Lposs.Tools.Downloads;

namespace Lposs.Cli.Options;

/// <summary>The options that say how files are fetched.</summary>
internal sealed class DownloadSettings : OptionGroup
{
    private readonly Option<Uri?> _mirror = AddressOption(
        "--mirror",
        "An address that takes the place of https://HOST in the addresses of the registry; hashes are checked all the "
            + "same.",
        DownloadOptions.IsMirror,
        "an https:// address without a user name (http:// is allowed to this machine itself)"
    );

    private readonly Option<Uri?> _proxy = AddressOption(
        "--proxy",
        "The proxy. [default: what HTTPS_PROXY and NO_PROXY say]",
        address => address.IsAbsoluteUri && address.Scheme is "http" or "https" or "socks5",
        "an http://, https:// or socks5:// address"
    );

    private readonly Option<bool> _offline = new("--offline")
    {
        Description = "Make no request: everything must be in the cache.",
    };

    public override IReadOnlyList<CommandPart> Parts => [_mirror, _proxy, _offline];

    public DownloadOptions Read(ParseResult parse) =>
        new()
        {
            Mirror = parse.GetValue(_mirror),
            Proxy = parse.GetValue(_proxy),
            IsOffline = parse.GetValue(_offline),
        };

    private static Option<Uri?> AddressOption(
        string name,
        string description,
        Func<Uri, bool> isAllowed,
        string right
    ) =>
        new(name)
        {
            Description = description,
            HelpName = "URL",
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (Uri.TryCreate(text, UriKind.Absolute, out var address) && isAllowed(address))
                    return address;
                result.AddError($"{name} is '{text}'; it must be {right}");
                return null;
            },
        };
}
