using System.CommandLine;
using Lposs.Cli.Files;
using Lposs.Cli.Options;
using Lposs.Cli.Output;
using Lposs.Encoding;
using Lposs.Segmentation;

namespace Lposs.Cli.Commands;

/// <summary><c>lposs segment</c>: pictures and class names in, label maps out.</summary>
internal sealed class SegmentCommand
{
    private readonly Argument<string[]> _images = new("IMAGE")
    {
        Description = "Pictures: JPEG, PNG, WebP, TIFF or GIF.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _classes = new("--classes", "-c")
    {
        Description = "The classes: a comma between classes, a semicolon between the prompts of one class, the first of which "
            + "names it (\"sky, road; street, car\"); a class file (.json), such as the classes.json of a run; or the "
            + "name of a benchmark, such as voc (lposs classes lists them).",
        HelpName = "NAMES|FILE.json|BENCHMARK",
        Required = true,
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Folder for the results: NAME.png, the label map, and classes.json. Results of an earlier run are replaced.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "segmented",
    };

    private readonly Option<bool> _overlay = new("--overlay") { Description = "Write NAME_overlay.png too: the picture with the classes' colours over it." };
    private readonly Option<bool> _scores = new("--scores") { Description = "Write NAME_scores.npy too: float32 [height, width, classes]." };
    private readonly Option<bool> _confidence = new("--confidence")
    {
        Description = "Write NAME_confidence.npy too, float32 [height, width]: largest score minus second largest; and "
            + "NAME_confidence.png, where white is the picture's largest.",
    };

    private readonly Option<int?> _shortSide = NumberOption.Whole(
        "--short-side", "The short side that the encoders see the picture with, in pixels; more shows smaller things and takes longer. "
        + "[default: the model's; the paper's is 448]", 1, 65_536);

    private readonly ModelOptions _model = new();
    private readonly ChoiceOption<SegmentationMode> _mode = ModeOption.Create();
    private readonly ParameterOptions _parameters = new(fromModel: true);
    private readonly DeviceOptions _device = new();
    private readonly PictureOptions _pictures = new();

    public static Command Create(GlobalOptions global) => new SegmentCommand().Build(global);

    private Command Build(GlobalOptions global)
    {
        var command = new Command(
            "segment",
            "Segment pictures into the classes you name. Each picture's label map is a PNG of its own size whose values are "
            + "the classes' ids.")
        {
            _images, _classes, _output, _overlay, _scores, _confidence, _shortSide,
        };
        _model.AddTo(command);
        _mode.AddTo(command);
        _parameters.AddTo(command);
        _device.AddTo(command);
        _pictures.AddTo(command);
        global.Bind(command, Run);
        return command;
    }

    private int Run(ParseResult parse, CommandOutput output, CancellationToken cancellation)
    {
        var classes = ClassArgument.Read(parse.GetRequiredValue(_classes));
        var wanted = new WantedOutputs(parse.GetValue(_overlay), parse.GetValue(_scores), parse.GetValue(_confidence));
        var plan = new OutputPlan(parse.GetRequiredValue(_images), parse.GetRequiredValue(_output), wanted);
        OutputFolder.RefuseFile(plan.Folder);

        output.Progress("opening the model");
        var bundle = _model.Open(parse, output);
        using var segmenter = new Segmenter(bundle, _device.ReadForSegmenter(parse));
        var settings = new SegmentationSettings
        {
            Mode = _mode.Read(parse),
            Appearance = _model.ReadAppearance(parse),
            ShortSide = parse.GetValue(_shortSide),
            Parameters = _parameters.Override(bundle.Parameters, parse),
            WithScores = wanted.Scores,
            WithConfidence = wanted.Confidence,
        };
        var report = new SegmentReporter(output, segmenter, classes, settings, plan.Pictures.Count);
        var segmentation = new PictureSegmentation(segmenter, classes, settings, _pictures.Read(parse), plan);
        foreach (var picture in plan.Pictures)
        {
            report.Start(picture);
            cancellation.ThrowIfCancellationRequested();
            try
            {
                report.Done(segmentation.Run(picture, cancellation));
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // The other pictures are done nevertheless.
                report.Failed(picture, error);
            }
        }
        report.End(segmentation.ClassFile);
        return report.HasFailures ? ExitCode.Failed : ExitCode.Done;
    }
}
