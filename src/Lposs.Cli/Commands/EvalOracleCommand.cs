using System.CommandLine;
using Lposs.Cli.Files;
using Lposs.Cli.Options;
using Lposs.Cli.Output;
using Lposs.Evaluation;
using Lposs.Models;

namespace Lposs.Cli.Commands;

/// <summary><c>lposs eval oracle</c>: how good perfect patches would be.</summary>
internal sealed class EvalOracleCommand
{
    private readonly EvalDataset _dataset = new();

    private readonly Option<string?> _model = new("--model")
    {
        Description = "Folder of a model bundle, whose sizes of pictures, windows and patches count. [default: the paper's sizes]",
        HelpName = "DIR",
    };

    private readonly ParameterOptions _parameters = new(fromModel: false);
    private readonly DeviceOptions _device = new();
    private readonly PictureOptions _pictures = new();

    public Command Build(GlobalOptions global)
    {
        var command = new Command(
            "oracle",
            "Reduce the true labels of a benchmark to patches and bring them back to pixels, without and with the propagation over pixels: "
            + "the bounds of any encoder with patches of that size.");
        _dataset.AddTo(command);
        command.Add(_model);
        _parameters.AddTo(command);
        _device.AddTo(command);
        _pictures.AddTo(command);
        global.Bind(command, Run);
        return command;
    }

    private int Run(ParseResult parse, CommandOutput output, CancellationToken cancellation)
    {
        var dataset = _dataset.Open(parse);
        var limits = _pictures.Read(parse);
        var bundle = parse.GetValue(_model) is { } folder ? ModelBundle.Open(ModelFolder.Of(folder, output)) : null;
        var parameters = _parameters.Override(bundle?.Parameters ?? new PropagationParameters(), parse);
        using var oracle = new PatchOracle(bundle?.Picture ?? PictureSpec.Paper, bundle?.Vm.PatchSize ?? 16, parameters, _device.Read(parse));
        (string Variant, bool Refines, Scores Scores)[] results = [("patches", false, dataset.NewScores()), ("patches, refined", true, dataset.NewScores())];
        dataset.ForEach(limits, output, (_, image, truth) =>
        {
            foreach (var (_, refines, scores) in results)
                scores.Add(truth, oracle.Label(image, truth, dataset.ClassCount, refines));
        }, cancellation);
        dataset.Show("eval oracle", output, results.Select(result => (result.Variant, result.Scores)));
        return ExitCode.Done;
    }
}
