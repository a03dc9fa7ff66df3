using Lposs.Bundles;
using Lposs.Cli.Output;
using Lposs.Tools.Downloads;

namespace Lposs.Cli.Files;

/// <summary>What <c>--model</c> means: a bundle's folder, or the name of a bundle in the cache.</summary>
internal static class ModelFolder
{
    /// <summary>The folder; that of the bundle that comes with lposs where nothing is given. A folder wins over a
    /// name.</summary>
    public static string Of(string? model, CommandOutput output)
    {
        if (model is null)
            return ModelBundle.DefaultFolder;
        if (
            Directory.Exists(model)
            || new DownloadCache(DownloadCache.DefaultFolder).FindBundle(model) is not { } bundle
        )
            return model;
        output.Note($"'{model}' is no folder; taking the bundle of that name, {bundle}");
        return bundle;
    }
}
