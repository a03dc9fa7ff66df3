using System.CommandLine;
using System.Globalization;
using Lposs.Cli.Options;
using Lposs.Cli.Output;
using Lposs.Downloads;

namespace Lposs.Cli.Commands;

/// <summary><c>lposs models pull NAME</c>: the files of a published model into the cache, checked.</summary>
internal sealed class ModelsPullCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "A model of the registry; lposs models list shows them." };

    private readonly Option<bool> _accept = new("--accept-licence")
    {
        Description = "Accept the licences of the files, which are shown before the first is fetched; without it you are asked.",
    };

    private readonly CacheOptions _cache = new();
    private readonly DownloadSettings _download = new();

    public static Command Create(GlobalOptions global) => new ModelsPullCommand().Build(global);

    private Command Build(GlobalOptions global)
    {
        var command = new Command(
            "pull",
            "Fetch the files of a published model into the cache and check them: over HTTPS, taken up again after a break, held to "
            + "their SHA-256. Where the registry knows no hash, the first pull records it and later pulls are held to that.")
        {
            _name, _accept,
        };
        _cache.AddTo(command);
        _download.AddTo(command);
        global.Bind(command, Run);
        return command;
    }

    private int Run(ParseResult parse, CommandOutput output, CancellationToken cancellation)
    {
        var model = _cache.ReadRegistry(parse).Find(parse.GetRequiredValue(_name));
        var options = _download.Read(parse);
        using var downloader = new Downloader(options);
        var puller = new ModelPuller(_cache.ReadCache(parse), options, downloader);
        var files = puller.PullAsync(model, new PullReporter(output, parse.GetValue(_accept)), cancellation).GetAwaiter().GetResult();

        var table = new ResultTable($"The files of {model.Name} are here and checked", "file", ">bytes", "SHA-256", "held to", "path");
        foreach (var file in files)
            table.Add(file.File.Name, file.Bytes.ToString(CultureInfo.InvariantCulture), file.Sha256, PullDocument.Word(file.Check), file.Path);
        output.Show(table);
        output.Document(PullDocument.Of(model, files), PullJson.Readable.PullDocument);
        return ExitCode.Done;
    }
}
