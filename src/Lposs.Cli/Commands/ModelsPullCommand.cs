using System.CommandLine;
using System.Globalization;
using Lposs.Cli.Options;
using Lposs.Cli.Output;
using Lposs.Downloads;
using Lposs.Import;
using Lposs.Models;

namespace Lposs.Cli.Commands;

/// <summary><c>lposs models pull NAME</c>: the files of a published model into the cache, checked.</summary>
internal sealed class ModelsPullCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "A model of the registry; lposs models list shows them." };

    private readonly Option<bool> _accept = new("--accept-licence")
    {
        Description = "Accept the licences of the files, which are shown before the first is fetched; without it you are asked.",
    };

    private readonly Option<bool> _filesOnly = new("--files-only") { Description = "Fetch and check the files, and make no bundle of them." };

    private readonly CacheOptions _cache = new();
    private readonly DownloadSettings _download = new();

    public static Command Create(GlobalOptions global) => new ModelsPullCommand().Build(global);

    private Command Build(GlobalOptions global)
    {
        var command = new Command(
            "pull",
            "Fetch the files of a published model into the cache, check them and make a bundle of them, which --model then takes by "
            + "name: over HTTPS, taken up again after a break, held to their SHA-256. Where the registry knows no hash, the first pull "
            + "records it and later pulls are held to that.")
        {
            _name, _accept, _filesOnly,
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
        var cache = _cache.ReadCache(parse);
        var puller = new ModelPuller(cache, options, downloader);
        var files = puller.PullAsync(model, new PullReporter(output, parse.GetValue(_accept)), cancellation).GetAwaiter().GetResult();

        var table = new ResultTable($"The files of {model.Name} are here and checked", "file", ">bytes", "SHA-256", "held to", "path");
        foreach (var file in files)
            table.Add(file.File.Name, file.Bytes.ToString(CultureInfo.InvariantCulture), file.Sha256, PullDocument.Word(file.Check), file.Path);
        output.Show(table);
        string? bundle = parse.GetValue(_filesOnly) ? null : Import(model, files, cache, output, cancellation);
        output.Document(PullDocument.Of(model, files, bundle), PullJson.Readable.PullDocument);
        return ExitCode.Done;
    }

    /// <summary>The bundle in the cache, made unless it is there and no file was fetched since.</summary>
    private static string Import(
        RegistryModel model, IReadOnlyList<PulledFile> files, DownloadCache cache, CommandOutput output, CancellationToken cancellation)
    {
        using var guard = cache.Lock();
        string folder = cache.BundleFolder(model.Name);
        if (Directory.Exists(folder) && !files.Any(file => file.IsFetched) && IsWhole(folder, output))
        {
            output.Show(new ResultTable("The bundle was made before", "", "").Add("folder", folder));
            return folder;
        }
        string PathOf(FileRole role) => files.First(file => file.File.Role == role).Path;
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        var report = ModelImport.Run(
            new ImportOptions
            {
                Clip = PathOf(FileRole.ClipWeights),
                ClipConfiguration = PathOf(FileRole.ClipConfiguration),
                Dino = PathOf(FileRole.DinoWeights),
                Vocabulary = PathOf(FileRole.TokenizerVocabulary),
                Activation = ImportWords.Value(ImportWords.Activations, model.Import.Activation),
                Variant = ImportWords.Value(ImportWords.Variants, model.Import.Vlm),
                Feature = ImportWords.Value(ImportWords.Features, model.Import.VmFeature),
                Templates = PromptTemplates.Parse(model.Import.Templates),
                Name = model.Name,
                Licence = string.Join("; ", files.Select(file => $"{file.File.Name}: {file.File.Licence}")),
                Origin = string.Join("; ", files.Select(file => file.File.Origin)),
            },
            folder, replace: true, output.Progress, cancellation);
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
        catch (ModelBundleException error)
        {
            output.Note($"{error.Message.TrimEnd('.')}; the bundle is made again");
            return false;
        }
    }
}
