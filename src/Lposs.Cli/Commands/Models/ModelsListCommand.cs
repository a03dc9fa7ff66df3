using System.CommandLine;
using System.Globalization;
using Lposs.Cli.Options;
using Lposs.Cli.Output;

namespace Lposs.Cli.Commands.Models;

/// <summary><c>lposs models list</c>: the published models that can be pulled by name. Makes no request.</summary>
internal sealed class ModelsListCommand : ComputingCommand
{
    private readonly CacheOptions _cache = new();

    public ModelsListCommand(CommandHost host)
        : base(
            host,
            "list",
            "List the published models that lposs models pull knows, and what of them is in the cache."
        ) => Takes(_cache);

    protected override int Run(CommandCall call)
    {
        var (parse, output, _) = call;
        var registry = _cache.ReadRegistry(parse);
        var cache = _cache.ReadCache(parse);
        var models = registry.Models.Select(model => ListedModelDocument.Of(model, cache)).ToList();
        var table = new ResultTable(
            $"Published models; fetched files are in {cache.Folder}",
            "model",
            "fetched",
            "what it is for"
        );
        foreach (var model in models)
            table.Add(
                model.Name,
                $"{model.Files.Count(file => file.Cached)} of {model.Files.Count} files",
                model.Purpose
            );
        output.Show(table);
        foreach (var file in registry.Models.SelectMany(model => model.Files).Distinct())
            output.Show(
                new ResultTable(file.Name, "", "")
                    .Add("bytes", file.Bytes?.ToString(CultureInfo.InvariantCulture) ?? "not known")
                    .Add("licence", file.Licence)
                    .Add("SHA-256", file.Sha256 ?? "not known: recorded by the first pull")
                    .Add("from", file.Address.AbsoluteUri)
            );
        output.Document(
            new ModelListDocument("models list", cache.Folder, models),
            JsonContext.Readable.ModelListDocument
        );
        return ExitCode.Done;
    }
}
