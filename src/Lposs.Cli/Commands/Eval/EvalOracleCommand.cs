using System.CommandLine;
using Lposs.Bundles;
using Lposs.Cli.Files;
using Lposs.Cli.Options;
using Lposs.Tools.Evaluation;

namespace Lposs.Cli.Commands.Eval;

/// <summary><c>lposs eval oracle</c>: how good perfect patches would be.</summary>
internal sealed class EvalOracleCommand : ComputingCommand
{
    private readonly EvalDataset _dataset = new();

    private readonly Option<string?> _model = new("--model")
    {
        Description =
            "Folder of a model bundle, whose sizes of images, windows and patches count. [default: the paper's sizes]",
        HelpName = "DIR",
    };

    private readonly ParameterOptions _parameters = new(fromModel: false);
    private readonly DeviceOptions _device = new();
    private readonly ImageOptions _images = new();

    public EvalOracleCommand(CommandHost host)
        : base(
            host,
            "oracle",
            "Reduce the true labels of a benchmark to patches and bring them back to pixels, without and with the "
                + "propagation over pixels: the bounds of any encoder with patches of that size."
        ) => Takes(_dataset, _model, _parameters, _device, _images);

    protected override int Run(CommandCall call)
    {
        var (parse, output, _) = call;
        var dataset = _dataset.Open(call);
        var limits = _images.Read(parse);
        var bundle = parse.GetValue(_model) is { } folder ? ModelBundle.Open(ModelFolder.Of(folder, output)) : null;
        var parameters = _parameters.Override(bundle?.Parameters ?? new PropagationParameters(), parse);
        using var oracle = new PatchOracle(
            bundle?.Image ?? ImageSpec.Paper,
            bundle?.Vm.PatchSize ?? 16,
            parameters,
            _device.Read(parse)
        );
        (string Variant, bool Refines, Scores Scores)[] results =
        [
            ("patches", false, dataset.NewScores()),
            ("patches, refined", true, dataset.NewScores()),
        ];
        dataset.ForEach(
            limits,
            call,
            (_, image, truth) =>
            {
                foreach (var (_, refines, scores) in results)
                    scores.Add(truth, oracle.Label(image, truth, dataset.ClassCount, refines));
            }
        );
        dataset.Show("eval oracle", output, results.Select(result => (result.Variant, result.Scores)));
        return ExitCode.Done;
    }
}
