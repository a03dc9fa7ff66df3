using System.CommandLine;
using Lposs.Cli.Files;
using Lposs.Cli.Options;
using Lposs.Cli.Output;
using Lposs.Evaluation;
using Lposs.Imaging;
using Lposs.Segmentation;

namespace Lposs.Cli.Commands;

/// <summary><c>lposs eval run</c>: segments a benchmark's validation set and measures what came.</summary>
internal sealed class EvalRunCommand
{
    private readonly EvalDataset _dataset = new();

    private readonly Option<string?> _save = new("--save")
    {
        Description = "Write the label maps to this folder, those of several modes into folders of their own.",
        HelpName = "DIR",
    };

    private readonly Option<int?> _shortSide = NumberOption.Whole(
        "--short-side", "The short side that the encoders see a picture with, in pixels. [default: the model's; the paper's is 448]", 1, 65_536);

    private readonly ModelOptions _model = new();
    private readonly Option<string> _modes = ModesOption.Create();
    private readonly ParameterOptions _parameters = new(fromModel: true);
    private readonly DeviceOptions _device = new();
    private readonly PictureOptions _pictures = new();

    public Command Build(GlobalOptions global)
    {
        var command = new Command("run", "Segment the validation set of a benchmark with its classes, and measure the result.");
        _dataset.AddTo(command);
        _model.AddTo(command);
        command.Add(_modes);
        command.Add(_shortSide);
        command.Add(_save);
        _parameters.AddTo(command);
        _device.AddTo(command);
        _pictures.AddTo(command);
        global.Bind(command, Run);
        return command;
    }

    private int Run(ParseResult parse, CommandOutput output, CancellationToken cancellation)
    {
        var dataset = _dataset.Open(parse);
        var modes = ModesOption.Read(parse.GetRequiredValue(_modes));
        var limits = _pictures.Read(parse);
        string? save = parse.GetValue(_save);
        var bundle = _model.Open(parse, output);
        using var segmenter = new Segmenter(bundle, _device.ReadForSegmenter(parse));
        var settings = new SegmentationSettings
        {
            // The mode that needs most of the encoders.
            Mode = modes.Max(),
            Appearance = _model.ReadAppearance(parse),
            ShortSide = parse.GetValue(_shortSide),
            Parameters = _parameters.Override(bundle.Parameters, parse),
        };
        if (segmenter.UnknownPrompts(dataset.Classes) is { Count: > 0 } unknown)
            output.Warn($"the encoders of '{bundle.Name}' were never taught {unknown.Count} of the {dataset.Classes.Prompts.Length} prompts, '{unknown[0]}' among them; --model takes real encoders");

        if (segmenter.CutPromptsWarning(dataset.Classes) is { } cut)
            output.Warn(cut);

        (SegmentationMode Mode, Scores Scores)[] results = [.. modes.Select(mode => (mode, dataset.NewScores()))];
        dataset.ForEach(limits, output, (picture, image, truth) =>
        {
            using var encoded = segmenter.Encode(image, settings, cancellation);
            foreach (var (mode, scores) in results)
            {
                var labels = segmenter.Segment(encoded, dataset.Classes, settings with { Mode = mode }, cancellation).Labels;
                scores.Add(truth, labels);
                if (save is not null)
                    Save(modes.Count == 1 ? save : Path.Combine(save, ModeOption.Word(mode)), picture.Name, labels);
            }
        }, cancellation);
        dataset.Show("eval run", output, results.Select(result => (ModeOption.Word(result.Mode), result.Scores)),
            UsedModelDocument.Of(bundle, settings.Appearance));
        return ExitCode.Done;
    }

    private static void Save(string folder, string name, LabelMap labels)
    {
        string path = Path.Combine(folder, name + ".png");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        LabelPng.Write(path, labels, ResultFiles.Palette);
    }
}
