using System.CommandLine;
using Lposs.Arrays;
using Lposs.Cli.Files;
using Lposs.Cli.Options;
using Lposs.Cli.Output;
using Lposs.Models;
using Lposs.Segmentation;

namespace Lposs.Cli.Commands;

/// <summary><c>lposs refine</c>: the pixel step on any model's scores or labels, one picture.</summary>
internal sealed class RefineCommand
{
    private readonly Option<string> _image = new("--image")
    {
        Description = "The picture, used at its own size: a picture file, or .npy [H, W, 3] uint8.",
        HelpName = "IMG",
        Required = true,
    };

    private readonly Option<string?> _scores = new("--scores")
    {
        Description = "Scores to refine, [h, w, classes] floats, the larger the likelier; resized to the picture if they have another size.",
        HelpName = "FILE.npy",
    };

    private readonly Option<string?> _labels = new("--labels")
    {
        Description = "Coarse labels to refine instead of scores: an indexed or gray PNG whose values are the labels, or .npy [h, w].",
        HelpName = "FILE.png",
    };

    private readonly Option<int?> _ignore = NumberOption.Whole(
        "--ignore", "With --labels: pixels of this label say nothing and take what their neighbours say. [default: 255]", 0, ushort.MaxValue);

    private readonly ResultOptions _results = new();
    private readonly ParameterOptions _parameters = new(fromModel: false);
    private readonly DeviceOptions _device = new();
    private readonly PictureOptions _pictures = new();

    public static Command Create(GlobalOptions global) => new RefineCommand().Build(global);

    private Command Build(GlobalOptions global)
    {
        var command = new Command(
            "refine",
            "Sharpen the result of any segmentation model along the picture's edges: the pixel step of LPOSS+ alone, for what "
            + "a dense CRF is used for. Give --scores or --labels, and --labels-out, --scores-out or both.")
        {
            _image, _scores, _labels, _ignore,
        };
        _results.AddTo(command);
        _parameters.AddPixelStepTo(command);
        _device.AddTo(command);
        _pictures.AddTo(command);
        global.Bind(command, Run);
        return command;
    }

    private int Run(ParseResult parse, CommandOutput output, CancellationToken cancellation)
    {
        var times = new StageTimes();
        string source = SourceOf(parse);
        var targets = _results.Read(parse, parse.GetValue(_image), source);
        var parameters = _parameters.Override(new PropagationParameters(), parse);
        var settings = new RefinementSettings
        {
            PixelGraph = parameters.PixelGraph,
            Solver = parameters.PixelSolver,
            Size = targets.Size,
            WithScores = targets.Scores is not null,
        };
        output.Progress("reading");
        var limits = _pictures.Read(parse);
        var picture = times.Measure("read", () => InputPicture.Read(parse.GetRequiredValue(_image), limits));
        var labels = times.Measure("read", () => parse.GetValue(_labels) is null ? null : LabelFile.Read(source, limits));
        var scores = times.Measure("read", () => labels is null ? NpyFile.ReadSingle(source) : null);
        cancellation.ThrowIfCancellationRequested();

        using var refiner = times.Measure("open", () => new Refiner(_device.Read(parse)));
        output.Progress($"refining {picture.Width} x {picture.Height} pixels");
        var names = new NamedInputs(("scores", _scores.Name, source), ("labels", _labels.Name, source));
        var result = names.Use(() => labels is null
            ? refiner.Refine(picture, scores!, settings, cancellation)
            : refiner.Refine(picture, labels, parse.GetValue(_ignore) ?? 255, settings, cancellation));
        times.Add(result.Times);
        times.Measure("write", () => targets.Write(result, cancellation));

        var solves = SolvesDocument.Of(null, result.PixelSolve);
        Print(new RefineDocument(
            "refine", parse.GetRequiredValue(_image), source, result.ColumnLabels.Length, result.ColumnLabels,
            result.Labels.Height, result.Labels.Width, UsedDeviceDocument.Of(result.Device),
            PixelGraphDocument.Of(parameters.PixelGraph), SolverDocument.Of(parameters.PixelSolver),
            targets.Paths, times.Finish(), solves, ConvergenceWarning.Of(solves, "classes") is { } warning ? [warning] : []), output);
        return ExitCode.Done;
    }

    /// <summary>The file with the scores or the labels: exactly one of them is given.</summary>
    private string SourceOf(ParseResult parse)
    {
        string? scores = parse.GetValue(_scores), labels = parse.GetValue(_labels);
        if (scores is null && labels is null)
            throw new UsageException("there is nothing to refine; give --scores or --labels");
        if (scores is not null && labels is not null)
            throw new UsageException("both --scores and --labels are given; give one of them");
        if (labels is null && parse.GetValue(_ignore) is not null)
            throw new UsageException("--ignore is given with --scores; it is for --labels");
        return scores ?? labels!;
    }

    private static void Print(RefineDocument document, CommandOutput output)
    {
        foreach (string warning in document.Warnings)
            output.Warn(warning);
        var table = new ResultTable($"Refined {document.Source}", "", "")
            .Add("picture", document.Image)
            .Add("classes", $"{document.Classes}")
            .Add("size", $"{document.Height} x {document.Width} (height x width)")
            .Add("device", document.Device.ToString());
        foreach (var (what, path) in document.Outputs)
            table.Add(what, path);
        output.Show(table);
        output.Show(StageTimes.Table("Time", document.Milliseconds));
        output.Document(document, JsonContext.Readable.RefineDocument);
    }
}
