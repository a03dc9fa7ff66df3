using System.CommandLine;
using System.Globalization;
using Lposs.Bundles;
using Lposs.Cli.Options;
using Lposs.Cli.Output;
using Lposs.Encoders;
using Lposs.Tools.Import;

namespace Lposs.Cli.Commands.Models;

/// <summary><c>lposs models check</c>: whether a bundle's encoders give here what they gave where it was
/// made.</summary>
internal sealed class ModelsCheckCommand : ComputingCommand
{
    private readonly Argument<string?> _model = ModelArgument.Create();

    private readonly Option<bool> _record = new("--record")
    {
        Description =
            "Write what the encoders give now into a bundle that has no self-test, such as one made by hand; later "
            + "checks are held to it.",
    };

    private readonly ChoiceOption<EncoderDevice> _device = new(
        "--device",
        "Where the encoders run.",
        "cpu",
        ("cpu", EncoderDevice.Cpu),
        ("cuda", EncoderDevice.Cuda)
    );

    public ModelsCheckCommand(CommandHost host)
        : base(
            host,
            "check",
            "Check a model bundle: the hashes of its files, and by its self-test that the encoders give on this "
                + "machine what they gave where it was made. Exit code 1 if one does not."
        ) => Takes(_model, _record, _device);

    protected override int Run(CommandCall call)
    {
        var (parse, output, cancellationToken) = call;
        string folder = ModelArgument.FolderOf(_model, call);
        output.Progress($"checking {folder}");
        var bundle = call.Value(_record) ? BundleSelfTest.Add(folder, cancellationToken) : ModelBundle.Open(folder);
        var outcomes = ModelSelfTest.Run(
            bundle,
            new EncoderOptions { Device = _device.Read(parse) },
            cancellationToken
        );

        var table = new ResultTable(
            $"Self-test of {bundle.Name} ({bundle.Folder})",
            "encoder",
            ">numbers",
            ">relative L2",
            ">at most",
            ""
        );
        foreach (var outcome in outcomes)
            table.Add(
                outcome.Output,
                Text($"{outcome.Values}"),
                Text($"{outcome.Distance:0.0e0}"),
                Text($"{outcome.Tolerance:0.0e0}"),
                outcome.Holds ? "holds" : "DIFFERS"
            );
        output.Show(table);
        output.Document(ModelCheckDocument.Of(bundle, outcomes), JsonContext.Readable.ModelCheckDocument);

        string[] failed = [.. outcomes.Where(outcome => !outcome.Holds).Select(outcome => outcome.Output)];
        if (failed.Length == 0)
            return ExitCode.Done;
        output.Fail(
            $"{bundle.Folder}: {string.Join(", ", failed)} {(failed.Length == 1 ? "gives" : "give")} other numbers "
                + "than where the bundle was made"
        );
        return ExitCode.Failed;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
