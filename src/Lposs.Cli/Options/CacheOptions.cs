using System.CommandLine;
using Lposs.Tools.Downloads;

namespace Lposs.Cli.Options;

/// <summary>The options of commands that look into the cache of published models.</summary>
internal sealed class CacheOptions : OptionGroup
{
    private readonly Option<string?> _cache = new("--cache")
    {
        Description = "The folder where fetched files are kept. [default: $XDG_CACHE_HOME/lposs, or ~/.cache/lposs]",
        HelpName = "DIR",
    };

    private readonly Option<string?> _registry = new("--registry")
    {
        Description =
            "A registry of your own: a JSON file in the form of the one that comes with lposs. [default: that one]",
        HelpName = "FILE",
    };

    public override IReadOnlyList<CommandPart> Parts => [_cache, _registry];

    public DownloadCache ReadCache(ParseResult parse) =>
        new(parse.GetValue(_cache) is { Length: > 0 } folder ? folder : DownloadCache.DefaultFolder);

    public ModelRegistry ReadRegistry(ParseResult parse) =>
        parse.GetValue(_registry) is { Length: > 0 } path ? ModelRegistry.Read(path) : ModelRegistry.ReadDefault();
}
