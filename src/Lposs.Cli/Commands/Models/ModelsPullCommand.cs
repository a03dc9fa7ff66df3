using System.CommandLine;
using System.Globalization;
using Lposs.Bundles;
using Lposs.Cli.Options;
using Lposs.Cli.Output;
using Lposs.Tools.Downloads;
using Lposs.Tools.Import;
using Lposs.Tools.Import.Exporter;

namespace Lposs.Cli.Commands.Models;

/// <summary><c>lposs models pull NAME</c>: the files of a published model into the cache, checked.</summary>
internal sealed class ModelsPullCommand : CliCommand
{
    private readonly Argument<string> _name = new("NAME")
    {
        Description = "A model of the registry; lposs models list shows them.",
    };

    private readonly Option<bool> _accept = new("--accept-licence")
    {
        Description =
            "Accept the licences of the files, which are shown before the first is fetched; without it you are asked.",
    };

    private readonly Option<bool> _filesOnly = new("--files-only")
    {
        Description = "Fetch and check the files, and make no bundle of them.",
    };

    private readonly CacheOptions _cache = new();
    private readonly DownloadSettings _download = new();

    public ModelsPullCommand(CommandHost host)
        : base(
            host,
            "pull",
            "Fetch the files of a published model into the cache over HTTPS, verify them and make a bundle of them, "
                + "which --model then takes by name. A broken download resumes. Where the registry knows no SHA-256, "
                + "the first pull records it and later pulls verify against that."
        ) => Takes(_name, _accept, _filesOnly, _cache, _download);

    public override bool Resumes => true;

    protected override async Task<int> RunAsync(CommandCall call)
    {
        var (parse, output, cancellationToken) = call;
        var model = _cache.ReadRegistry(parse).Find(call.Required(_name));
        var options = _download.Read(parse);
        var cache = _cache.ReadCache(parse);
        var reporter = new PullReporter(output, call.Value(_accept));
        using var puller = new ModelPuller(cache, options, reporter);
        var files = await puller.PullAsync(model, reporter.Accept, reporter, cancellationToken);
        foreach (var file in files)
            output.Show(
                new ResultTable(file.File.Name, "", "")
                    .Add("path", file.Path)
                    .Add("bytes", file.Bytes.ToString(CultureInfo.InvariantCulture))
                    .Add("SHA-256", file.Sha256)
                    .Add("verified by", PullDocument.Word(file.Check))
            );
        string? bundle = call.Value(_filesOnly) ? null : Import(model, files, cache, output, cancellationToken);
        output.Document(PullDocument.Of(model, files, bundle), JsonContext.Readable.PullDocument);
        return ExitCode.Done;
    }

    /// <summary>The bundle in the cache, made unless it is there and no file was fetched since.</summary>
    private static string Import(
        RegistryModel model,
        IReadOnlyList<PulledFile> files,
        DownloadCache cache,
        CommandOutput output,
        CancellationToken cancellationToken
    )
    {
        using var guard = cache.Lock();
        string folder = cache.BundleFolder(model.Name);
        if (Directory.Exists(folder) && !files.Any(file => file.IsFetched) && IsWhole(folder, output))
        {
            output.Show(new ResultTable("The bundle was made before", "", "").Add("folder", folder));
            return folder;
        }
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        var report = ModelImport.Run(model.ToImportOptions(files), folder, overwrite: true, output, cancellationToken);
        ImportSummary.Show(report, output);
        return folder;
    }

    private static bool IsWhole(string folder, CommandOutput output)
    {
        try
        {
            ModelBundle.Open(folder);
            return true;
        }
        catch (LpossException error) when (error.Code == LpossErrorCode.InvalidBundle)
        {
            output.Note($"{error.Message.TrimEnd('.')}; the bundle is made again");
            return false;
        }
    }
}
