using System.CommandLine;
using System.Globalization;
using Lposs.Cli.Output;
using Lposs.Encoders;

namespace Lposs.Cli.Commands.Cache;

/// <summary><c>lposs cache</c>: the embeddings of prompts that are kept from run to run.</summary>
internal static class CacheCommand
{
    public static Command Create(CommandHost host) =>
        new("cache", "Look at the embeddings of prompts that are kept from run to run, or remove them.")
        {
            new CacheInfoCommand(host),
            new CacheClearCommand(host),
        };
}

/// <summary><c>lposs cache info</c>: where the cache is, and what it holds.</summary>
internal sealed class CacheInfoCommand(CommandHost host)
    : ComputingCommand(host, "info", "Show where the embeddings of prompts are kept, and how much they take.")
{
    protected override int Run(CommandCall call)
    {
        var cache = new PromptCache(PromptCache.DefaultFolder);
        var (prompts, bytes) = cache.Measure();
        call.Output.Show(
            new ResultTable("Embeddings of prompts", "", "")
                .Add("folder", cache.Folder)
                .Add("prompts", prompts.ToString(CultureInfo.InvariantCulture))
                .Add("takes", CacheDocument.Size(bytes))
                .Add("at most", CacheDocument.Size(cache.MostBytes))
        );
        call.Output.Document(
            new CacheDocument("cache info", cache.Folder, prompts, bytes, cache.MostBytes),
            JsonContext.Readable.CacheDocument
        );
        return ExitCode.Done;
    }
}

/// <summary><c>lposs cache clear</c>: removes what is kept. Models that were pulled stay.</summary>
internal sealed class CacheClearCommand(CommandHost host)
    : ComputingCommand(
        host,
        "clear",
        "Remove the embeddings of prompts; the next run computes its own anew. Models that were pulled stay."
    )
{
    protected override int Run(CommandCall call)
    {
        var cache = new PromptCache(PromptCache.DefaultFolder);
        var (prompts, bytes) = cache.Measure();
        cache.Clear();
        call.Output.Show(
            new ResultTable("Removed embeddings of prompts", "", "")
                .Add("folder", cache.Folder)
                .Add("prompts", prompts.ToString(CultureInfo.InvariantCulture))
                .Add("took", CacheDocument.Size(bytes))
        );
        call.Output.Document(
            new CacheDocument("cache clear", cache.Folder, prompts, bytes, cache.MostBytes),
            JsonContext.Readable.CacheDocument
        );
        return ExitCode.Done;
    }
}

/// <summary>What <c>lposs cache --json</c> prints: what is there, or what was removed.</summary>
/// <param name="Command">"cache info" or "cache clear".</param>
/// <param name="Folder">Where.</param>
/// <param name="Prompts">How many.</param>
/// <param name="Bytes">Of their files.</param>
/// <param name="MostBytes">What they may take; beyond it those go that were not used longest.</param>
internal sealed record CacheDocument(string Command, string Folder, int Prompts, long Bytes, long MostBytes)
{
    public static string Size(long bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 20):0.0} MiB");
}
