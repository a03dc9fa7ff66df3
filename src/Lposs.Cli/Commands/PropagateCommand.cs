using System.CommandLine;
using Lposs.Arrays;
using Lposs.Cli.Files;
using Lposs.Cli.Options;
using Lposs.Cli.Output;
using Lposs.Models;
using Lposs.Segmentation;

namespace Lposs.Cli.Commands;

/// <summary><c>lposs propagate</c>: the method on encoder outputs from anywhere, one picture.</summary>
internal sealed class PropagateCommand
{
    private readonly Option<string> _image = RequiredFile(
        "--image", "IMG", "The picture that the encoders saw, used at its own size: a picture file, or .npy [H, W, 3] uint8.");

    private readonly Option<string> _vm = RequiredFile(
        "--vm", "FILE.npy", "Patch features of the vision model, [N, D]: window after window, row by row; need not be unit.");

    private readonly Option<string> _vlm = RequiredFile(
        "--vlm", "FILE.npy", "Patch features of the vision-language model, [N, D'], in the same order.");

    private readonly Option<string> _text = RequiredFile(
        "--text", "FILE.npy", "Embeddings of the prompts, [P, D'], unit rows.");

    private readonly Option<string?> _mapping = new("--mapping")
    {
        Description = "The class of each prompt, [P] integers; a class takes its prompts' largest score. [default: prompt p is class p]",
        HelpName = "FILE.npy",
    };

    private readonly Option<int?> _crop = NumberOption.Whole("--crop", "Side of the encoders' windows in pixels. [default: 224]", 1, 65_536);
    private readonly Option<int?> _stride = NumberOption.Whole("--stride", "Pixels from one window to the next. [default: 112]", 1, 65_536);
    private readonly Option<int?> _patch = NumberOption.Whole("--patch", "Side of a patch in pixels. [default: 16]", 1, 256);

    private readonly Option<bool> _noRefine = new("--no-refine")
    {
        Description = "Stop after the patch step: LPOSS instead of LPOSS+.",
    };

    private readonly ResultOptions _results = new();
    private readonly ParameterOptions _parameters = new(fromModel: false);
    private readonly DeviceOptions _device = new();
    private readonly PictureOptions _pictures = new();

    public static Command Create(GlobalOptions global) => new PropagateCommand().Build(global);

    private Command Build(GlobalOptions global)
    {
        var command = new Command(
            "propagate",
            "Run LPOSS or LPOSS+ on the outputs of your own encoders: patch features and text embeddings as .npy files in, "
            + "scores or labels out. Give --scores-out, --labels-out or both.")
        {
            _image, _vm, _vlm, _text, _mapping, _crop, _stride, _patch, _noRefine,
        };
        _results.AddTo(command);
        _parameters.AddTo(command);
        _device.AddTo(command);
        _pictures.AddTo(command);
        global.Bind(command, Run);
        return command;
    }

    private int Run(ParseResult parse, CommandOutput output, CancellationToken cancellation)
    {
        var times = new StageTimes();
        var targets = _results.Read(
            parse, parse.GetValue(_image), parse.GetValue(_vm), parse.GetValue(_vlm), parse.GetValue(_text), parse.GetValue(_mapping));
        var mode = parse.GetValue(_noRefine) ? SegmentationMode.Lposs : SegmentationMode.LpossPlus;
        var parameters = _parameters.Override(new PropagationParameters(), parse);
        output.Progress("reading");
        var inputs = times.Measure("read", () => ReadInputs(parse));
        cancellation.ThrowIfCancellationRequested();
        using var propagator = times.Measure("open", () => new Propagator(_device.Read(parse)));

        output.Progress($"propagating over {inputs.Picture.Width} x {inputs.Picture.Height} pixels");
        var settings = new PropagationSettings { Mode = mode, Parameters = parameters, Size = targets.Size, WithScores = targets.Scores is not null };
        var result = NamesOf(parse).Use(() => propagator.Propagate(inputs, settings, cancellation));
        times.Add(result.Times);
        times.Measure("write", () => targets.Write(result, cancellation));

        var solves = SolvesDocument.Of(result.PatchSolve, result.PixelSolve);
        Print(new PropagateDocument(
            "propagate", parse.GetRequiredValue(_image), ModeOption.Word(mode), inputs.Text.Shape[0], result.ColumnLabels.Length,
            result.Labels.Height, result.Labels.Width, UsedDeviceDocument.Of(result.Device), ParametersDocument.Of(parameters),
            targets.Paths, times.Finish(), solves, ConvergenceWarning.Of(solves, "prompts") is { } warning ? [warning] : []), output);
        return ExitCode.Done;
    }

    private static void Print(PropagateDocument document, CommandOutput output)
    {
        foreach (string warning in document.Warnings)
            output.Warn(warning);
        var table = new ResultTable($"Propagated {document.Image}", "", "")
            .Add("mode", document.Mode)
            .Add("classes", document.Classes == document.Prompts ? $"{document.Classes}" : $"{document.Classes} of {document.Prompts} prompts")
            .Add("size", $"{document.Height} x {document.Width} (height x width)")
            .Add("device", document.Device.ToString());
        foreach (var (what, path) in document.Outputs)
            table.Add(what, path);
        output.Show(table);
        output.Show(StageTimes.Table("Time", document.Milliseconds));
        output.Document(document, JsonContext.Readable.PropagateDocument);
    }

    private PropagationInputs ReadInputs(ParseResult parse)
    {
        int crop = parse.GetValue(_crop) ?? 224, stride = parse.GetValue(_stride) ?? 112;
        if (stride > crop)
            throw new UsageException($"--stride is {stride}; it must be at most the crop, {crop}, or pixels would be left out");
        int patch = parse.GetValue(_patch) ?? 16;
        var picture = InputPicture.Read(parse.GetRequiredValue(_image), _pictures.Read(parse));
        var windows = Windows.Create(picture.Height, picture.Width, crop, stride);
        long patches = Windows.CountPatches(windows, patch);
        NdArray<float> ReadPatches(string path)
        {
            var features = NpyFile.ReadSingle(path);
            if (features.Rank < 2 || features.Length == 0)
                throw new InputException($"cannot use '{path}': its shape is {Shapes.Text(features.Shape)}; it must be [{patches}, D]");
            int rows = features.Length / features.Shape[^1];
            return rows == patches ? features : throw new InputException(
                $"cannot use '{path}': it has {rows} patches, and a picture of {picture.Width} x {picture.Height} pixels has {patches} "
                + $"in {windows.Length} windows (--crop {crop}, --stride {stride}, --patch {patch})");
        }
        var text = NpyFile.ReadSingle(parse.GetRequiredValue(_text));
        return new PropagationInputs
        {
            Picture = picture,
            Vm = ReadPatches(parse.GetRequiredValue(_vm)),
            Vlm = ReadPatches(parse.GetRequiredValue(_vlm)),
            Text = text,
            PromptClasses = parse.GetValue(_mapping) is { } path ? MappingFile.Read(path, text.Rank == 0 ? 1 : text.Shape[0]) : null,
            Crop = crop,
            Stride = stride,
            PatchSize = patch,
        };
    }

    private NamedInputs NamesOf(ParseResult parse) => new(
        ("vm", _vm.Name, parse.GetValue(_vm)),
        ("vlm", _vlm.Name, parse.GetValue(_vlm)),
        ("text", _text.Name, parse.GetValue(_text)),
        ("prompt_classes", _mapping.Name, parse.GetValue(_mapping)));

    private static Option<string> RequiredFile(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName, Required = true };
}
