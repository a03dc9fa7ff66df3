using System.CommandLine;
using System.Globalization;
using Lposs.Cli.Files;
using Lposs.Cli.Output;
using Lposs.Models;

namespace Lposs.Cli.Commands;

/// <summary><c>lposs models show DIR</c>: what is in a model bundle, its files verified.</summary>
internal static class ModelsCommand
{
    private const int ShownTemplates = 5;

    public static Command Create(GlobalOptions global)
    {
        var folder = new Argument<string?>("DIR|NAME")
        {
            Description = "The bundle: a folder with model.json, or the name of one in the cache. Left out: the bundle that comes with lposs.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var show = new Command("show", "Show a model bundle: licence, files (sizes and hashes are checked), encoders, parameters.")
        {
            folder,
        };
        global.Bind(show, (parse, output, _) => Show(ModelFolder.Of(parse.GetValue(folder), output), output));
        return new Command("models", "Look into model bundles, make them of published weights, and fetch those.")
        {
            show, ModelsListCommand.Create(global), ModelsPullCommand.Create(global), ModelsImportCommand.Create(global), ModelsCheckCommand.Create(global),
        };
    }

    private static int Show(string folder, CommandOutput output)
    {
        output.Progress($"checking the files of {folder}");
        var bundle = ModelBundle.Open(folder);
        output.Show(About(bundle));
        output.Show(Files(bundle));
        output.Show(Encoders(bundle));
        output.Show(ParametersTable.Of("Parameters", bundle.Parameters));
        if (bundle.KnownWords is { } words)
            output.Show(new ResultTable($"Words that the encoders were taught ({words.Words.Length})", "").Add(string.Join(", ", words.Words)));
        output.Document(ModelDocument.Of("models show", bundle), JsonContext.Readable.ModelDocument);
        return ExitCode.Done;
    }

    private static ResultTable About(ModelBundle bundle) => new ResultTable($"Model bundle {bundle.Name}", "", "")
        .Add("description", bundle.Description)
        .Add("licence", bundle.Licence)
        .Add("origin", bundle.Origin)
        .Add("folder", bundle.Folder)
        .Add("picture", Text($"short side {bundle.Picture.ShortSide} px, long side at most {bundle.Picture.LongSide} px"))
        .Add("windows", Text($"{bundle.Picture.Crop} px, every {bundle.Picture.Stride} px"))
        .Add("templates", Templates(bundle.Text.Templates));

    /// <summary>The first few; --json has all.</summary>
    private static string Templates(IReadOnlyList<string> templates)
    {
        string shown = string.Join(" | ", templates.Take(ShownTemplates));
        return templates.Count <= ShownTemplates ? shown : Text($"{shown} | and {templates.Count - ShownTemplates} more");
    }

    private static ResultTable Files(ModelBundle bundle)
    {
        var table = new ResultTable("Files", "file", ">bytes", "SHA-256, verified");
        foreach (var file in bundle.Files)
            table.Add(file.Path, Text($"{file.Bytes}"), file.Sha256);
        return table;
    }

    private static ResultTable Encoders(ModelBundle bundle) =>
        new ResultTable("Encoders", "encoder", "file", "input", "output", "takes")
            .Add("vlm (vision-language)", bundle.Vlm.File, bundle.Vlm.Input, bundle.Vlm.Output, Text($"patches of {bundle.Vlm.PatchSize} px"))
            .Add("vm (vision)", bundle.Vm.File, bundle.Vm.Input, bundle.Vm.Output, Text($"patches of {bundle.Vm.PatchSize} px"))
            .Add("text", bundle.Text.File, bundle.Text.Input, bundle.Text.Output,
                Text($"{bundle.Text.ContextLength} tokens, {TokenizerSpec.ClipBytePairs}"));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
