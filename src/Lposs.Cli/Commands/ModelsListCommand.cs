using System.CommandLine;
using System.Globalization;
using Lposs.Cli.Options;
using Lposs.Cli.Output;
using Lposs.Downloads;

namespace Lposs.Cli.Commands;

/// <summary><c>lposs models list</c>: the published models that can be pulled by name. Makes no request.</summary>
internal sealed class ModelsListCommand
{
    private readonly CacheOptions _cache = new();

    public static Command Create(GlobalOptions global) => new ModelsListCommand().Build(global);

    private Command Build(GlobalOptions global)
    {
        var command = new Command("list", "List the published models that lposs models pull knows, and what of them is in the cache.");
        _cache.AddTo(command);
        global.Bind(command, Run);
        return command;
    }

    private int Run(ParseResult parse, CommandOutput output, CancellationToken cancellation)
    {
        var registry = _cache.ReadRegistry(parse);
        var cache = _cache.ReadCache(parse);
        var models = registry.Models.Select(model => ListedModelDocument.Of(model, cache)).ToList();
        var table = new ResultTable($"Published models; fetched files are in {cache.Folder}", "model", "fetched", "what it is for");
        foreach (var model in models)
            table.Add(model.Name, $"{model.Files.Count(file => file.Cached)} of {model.Files.Count} files", model.Purpose);
        output.Show(table);
        var files = new ResultTable("Files", "file", ">bytes", "licence", "SHA-256", "from");
        foreach (var file in registry.Models.SelectMany(model => model.Files).Distinct())
        {
            files.Add(
                file.Name, file.Bytes?.ToString(CultureInfo.InvariantCulture) ?? "not known", file.Licence,
                file.Sha256 ?? "not known: recorded by the first pull", file.Address.AbsoluteUri);
        }
        output.Show(files);
        output.Document(new ModelListDocument("models list", cache.Folder, models), PullJson.Readable.ModelListDocument);
        return ExitCode.Done;
    }
}
