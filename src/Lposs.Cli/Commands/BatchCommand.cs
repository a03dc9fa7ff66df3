using System.CommandLine;
using Lposs.Batch;
using Lposs.Cli.Files;
using Lposs.Cli.Options;
using Lposs.Cli.Output;
using Lposs.Segmentation;

namespace Lposs.Cli.Commands;

/// <summary><c>lposs batch</c>: a whole collection, to be taken up again wherever it was stopped.</summary>
internal sealed class BatchCommand
{
    private readonly Argument<string[]> _inputs = new("INPUT")
    {
        Description = "Folders, whose pictures are found by their endings, sub-folders among them; pictures; patterns with *, ? and ** (in "
            + "quotes, for lposs to expand); lists, @FILE with a path on each line; tars, such as \"shard-{000..012}.tar\".",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _classes = new("--classes", "-c")
    {
        Description = "The classes, as in lposs segment.",
        HelpName = "NAMES|FILE.json|BENCHMARK",
        Required = true,
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Folder for the results, in the folders of their pictures; run.json, the report; errors.jsonl, the pictures that failed; "
            + "and .lposs, the journal.",
        HelpName = "DIR",
        Required = true,
    };

    private readonly Option<string> _format = FormatsOption.Create();
    private readonly Option<Shard?> _shard = ShardOption.Create();

    private readonly Option<int?> _shortSide = NumberOption.Whole(
        "--short-side", "The short side that the encoders see a picture with, in pixels. [default: the model's; the paper's is 448]", 1, 65_536);

    private readonly Option<int?> _maxErrors = NumberOption.Whole(
        "--max-errors", "Stop when more pictures than this have failed. [default: no limit]", 0);

    private readonly Option<bool> _failFast = new("--fail-fast") { Description = "Stop at the first picture that fails." };

    private readonly Option<bool> _force = new("--force")
    {
        Description = "Do every picture again, also where the folder holds a run with other settings.",
    };

    private readonly Option<bool> _verify = new("--verify")
    {
        Description = "Compare the contents of results that are there with the journal, and not their sizes alone.",
    };

    private readonly ModelOptions _model = new();
    private readonly ChoiceOption<SegmentationMode> _mode = ModeOption.Create();
    private readonly WorkerOptions _workers = new();
    private readonly ParameterOptions _parameters = new(fromModel: true);
    private readonly DeviceOptions _device = new();
    private readonly PictureOptions _pictures = new();

    public static Command Create(GlobalOptions global) => new BatchCommand().Build(global);

    private Command Build(GlobalOptions global)
    {
        var command = new Command(
            "batch",
            "Segment a whole collection. Killed at any moment and started again, it goes on where it was, and the results are the same "
            + "bytes. A picture that fails is listed in errors.jsonl, and the others are done.")
        {
            _inputs, _classes, _output, _format, _shortSide, _shard, _maxErrors, _failFast, _force, _verify,
        };
        _model.AddTo(command);
        _mode.AddTo(command);
        _workers.AddTo(command);
        _parameters.AddTo(command);
        _device.AddTo(command);
        _pictures.AddTo(command);
        global.Bind(command, Run);
        command.Add(BatchMergeCommand.Create(global));
        return command;
    }

    private int Run(ParseResult parse, CommandOutput output, CancellationToken cancellation)
    {
        var classes = ClassArgument.Read(parse.GetRequiredValue(_classes));
        var formats = FormatsOption.Read(parse.GetRequiredValue(_format), classes);
        string folder = parse.GetRequiredValue(_output);
        OutputFolder.RefuseFile(folder);
        var inputs = InputSet.Expand(parse.GetRequiredValue(_inputs), folder);
        var bundle = _model.Open(parse, output);
        var options = _workers.AddTo(
            new BatchOptions
            {
                Output = folder,
                Compute = _device.Read(parse),
                Settings = new SegmentationSettings
                {
                    Mode = _mode.Read(parse),
                    Appearance = _model.ReadAppearance(parse),
                    ShortSide = parse.GetValue(_shortSide),
                    Parameters = _parameters.Override(bundle.Parameters, parse),
                },
                Pictures = _pictures.Read(parse),
                Shard = parse.GetValue(_shard) ?? Shard.Whole,
                MaxErrors = parse.GetValue(_failFast) ? 0 : parse.GetValue(_maxErrors),
                Force = parse.GetValue(_force),
                VerifyResults = parse.GetValue(_verify),
            },
            parse);
        using var reporter = new BatchReporter(output);
        var report = new BatchRun(bundle, classes, formats, options).Run(inputs, reporter, cancellation);
        reporter.End(report, folder);
        return report.Failed > 0 ? ExitCode.Failed : ExitCode.Done;
    }
}
