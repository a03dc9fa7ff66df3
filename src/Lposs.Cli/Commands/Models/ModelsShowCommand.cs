using System.CommandLine;
using System.Globalization;
using Lposs.Bundles;
using Lposs.Cli.Files;
using Lposs.Cli.Output;
using Lposs.Tokenization;

namespace Lposs.Cli.Commands.Models;

/// <summary><c>lposs models</c>: bundles and published models.</summary>
internal static class ModelsCommand
{
    public static Command Create(CommandHost host) =>
        new("models", "Look into model bundles, make them of published weights, and fetch those.")
        {
            new ModelsShowCommand(host),
            new ModelsListCommand(host),
            new ModelsPullCommand(host),
            new ModelsImportCommand(host),
            new ModelsCheckCommand(host),
        };
}

/// <summary><c>lposs models show DIR</c>: what is in a model bundle, its files verified.</summary>
internal sealed class ModelsShowCommand : ComputingCommand
{
    private const int ShownTemplates = 5;

    private readonly Argument<string?> _model = ModelArgument.Create();

    public ModelsShowCommand(CommandHost host)
        : base(
            host,
            "show",
            "Show a model bundle: licence, files (sizes and hashes are checked), encoders, parameters."
        ) => Takes(_model);

    protected override int Run(CommandCall call)
    {
        var output = call.Output;
        string folder = ModelArgument.FolderOf(_model, call);
        output.Progress($"checking the files of {folder}");
        var bundle = ModelBundle.Open(folder);
        output.Show(About(bundle));
        output.Show(Files(bundle));
        output.Show(Encoders(bundle));
        output.Show(ParametersTable.Of("Parameters", bundle.Parameters));
        if (bundle.KnownWords is { } words)
            output.Show(
                new ResultTable($"Words that the encoders were taught ({words.Words.Length})", "").Add(
                    string.Join(", ", words.Words)
                )
            );
        output.Document(ModelDocument.Of("models show", bundle), JsonContext.Readable.ModelDocument);
        return ExitCode.Done;
    }

    private static ResultTable About(ModelBundle bundle) =>
        new ResultTable($"Model bundle {bundle.Name}", "", "")
            .Add("description", bundle.Description)
            .Add("licence", bundle.Licence)
            .Add("origin", bundle.Origin)
            .Add("folder", bundle.Folder)
            .Add("image", Text($"short side {bundle.Image.ShortSide} px, long side at most {bundle.Image.LongSide} px"))
            .Add("windows", Text($"{bundle.Image.Crop} px, every {bundle.Image.Stride} px"))
            .Add("templates", Templates(bundle.Text.Templates));

    /// <summary>The first few; --json has all.</summary>
    private static string Templates(IReadOnlyList<string> templates)
    {
        string shown = string.Join(" | ", templates.Take(ShownTemplates));
        return templates.Count <= ShownTemplates
            ? shown
            : Text($"{shown} | and {templates.Count - ShownTemplates} more");
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
            .Add(
                "vlm (vision-language)",
                bundle.Vlm.File,
                bundle.Vlm.Input,
                bundle.Vlm.Output,
                Text($"patches of {bundle.Vlm.PatchSize} px")
            )
            .Add(
                "vm (vision)",
                bundle.Vm.File,
                bundle.Vm.Input,
                bundle.Vm.Output,
                Text($"patches of {bundle.Vm.PatchSize} px")
            )
            .Add(
                "text",
                bundle.Text.File,
                bundle.Text.Input,
                bundle.Text.Output,
                Text($"{bundle.Text.ContextLength} tokens, {TokenizerSpec.ClipBytePairs}")
            );

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The bundle that a sub-command of <c>lposs models</c> looks at.</summary>
internal static class ModelArgument
{
    public static Argument<string?> Create() =>
        new("DIR|NAME")
        {
            Description =
                "The bundle: a folder with model.json, or the name of one in the cache. Left out: the bundle that "
                + "comes with lposs.",
            Arity = ArgumentArity.ZeroOrOne,
        };

    public static string FolderOf(Argument<string?> argument, CommandCall call) =>
        ModelFolder.Of(call.Value(argument), call.Output);
}
