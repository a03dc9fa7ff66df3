using System.CommandLine;
using Lposs.Arrays;
using Lposs.Cli.Files;
using Lposs.Cli.Options;
using Lposs.Cli.Output;
using Lposs.Imaging;
using Lposs.Models;

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

    private readonly Option<PictureSize?> _size = SizeOption.Create(
        "--size", "Size of the results in pixels, height first. [default: that of the picture]");

    private readonly ResultOptions _results = new();
    private readonly ParameterOptions _parameters = new(fromModel: false);
    private readonly ComputeOptions _compute = new();
    private readonly PictureOptions _pictures = new();

    public static Command Create(GlobalOptions global) => new PropagateCommand().Build(global);

    private Command Build(GlobalOptions global)
    {
        var command = new Command(
            "propagate",
            "Run LPOSS or LPOSS+ on the outputs of your own encoders: patch features and text embeddings as .npy files in, "
            + "scores or labels out. Give --scores-out, --labels-out or both.")
        {
            _image, _vm, _vlm, _text, _mapping, _crop, _stride, _patch, _noRefine, _size,
        };
        _results.AddTo(command);
        _parameters.AddTo(command);
        _compute.AddTo(command);
        _pictures.AddTo(command);
        global.Bind(command, Run);
        return command;
    }

    private int Run(ParseResult parse, CommandOutput output, CancellationToken cancellation)
    {
        var times = new StageTimes();
        var paths = _results.Read(
            parse, parse.GetValue(_image), parse.GetValue(_vm), parse.GetValue(_vlm), parse.GetValue(_text), parse.GetValue(_mapping));
        output.Progress("reading");
        var inputs = times.Measure("read", () => ReadInputs(parse));
        cancellation.ThrowIfCancellationRequested();
        using var context = times.Measure("open", () => _compute.OpenContext(parse));

        var parameters = _parameters.Override(new PropagationParameters(), parse);
        var size = parse.GetValue(_size) ?? new PictureSize(inputs.Picture.Height, inputs.Picture.Width);
        var result = new PixelResult(size, inputs.Classes, paths);
        output.Progress($"propagating over {inputs.Vlm.Shape[0]} patches and {inputs.Picture.Width} x {inputs.Picture.Height} pixels");
        context.Segment(
            inputs.ForCore(), result.ForCore(), parse.GetValue(_noRefine) ? SegmentationMode.Lposs : SegmentationMode.LpossPlus,
            parameters, out var report);
        times.Add(report.Times);
        cancellation.ThrowIfCancellationRequested();
        times.Measure("write", () => result.Write(cancellation));

        var solves = SolvesDocument.Of(report);
        var document = new PropagateDocument(
            "propagate", parse.GetValue(_image)!, parse.GetValue(_noRefine) ? "lposs" : "lposs+", inputs.Windows.Length,
            inputs.Vlm.Shape[0], inputs.Text.Shape[0], inputs.Classes, size.Height, size.Width, UsedDeviceDocument.Of(context.Info),
            ParametersDocument.Of(parameters), result.Outputs, times.Finish(), solves,
            ConvergenceWarning.Of(solves) is { } warning ? [warning] : []);
        Print(document, output);
        return ExitCode.Done;
    }

    private static void Print(PropagateDocument document, CommandOutput output)
    {
        foreach (string warning in document.Warnings)
            output.Warn(warning);
        var table = new ResultTable($"Propagated {document.Image}", "", "")
            .Add("mode", document.Mode)
            .Add("patches", $"{document.Patches} in {document.Windows} windows")
            .Add("classes", document.Classes == document.Prompts ? $"{document.Classes}" : $"{document.Classes} of {document.Prompts} prompts")
            .Add("size", $"{document.Height} x {document.Width} (height x width)")
            .Add("device", document.Device.ToString());
        foreach (var (what, path) in document.Outputs)
            table.Add(what, path);
        output.Show(table);
        output.Show(StageTimes.Table("Time", document.Milliseconds));
        output.Document(document, JsonContext.Readable.PropagateDocument);
    }

    private PropagateInputs ReadInputs(ParseResult parse)
    {
        var picture = InputPicture.Read(parse.GetRequiredValue(_image), _pictures.Read(parse));
        int crop = parse.GetValue(_crop) ?? 224, stride = parse.GetValue(_stride) ?? 112, patch = parse.GetValue(_patch) ?? 16;
        if (stride > crop)
            throw new UsageException($"--stride is {stride}; it must be at most the crop, {crop}, or pixels would be left out");
        var windows = Windows.Create(picture.Height, picture.Width, crop, stride);
        long patches = Windows.CountPatches(windows, patch);
        NdArray<float> ReadPatches(string path)
        {
            var features = ArrayFile.ReadVectors(path);
            return features.Shape[0] == patches ? features : throw new NpyFormatException(
                $"cannot use '{path}': it has {features.Shape[0]} patches, and {windows.Length} windows of {picture.Width} x {picture.Height} pixels "
                + $"(crop {crop}, stride {stride}, patch {patch}) have {patches}");
        }
        var vm = ReadPatches(parse.GetRequiredValue(_vm));
        var vlm = ReadPatches(parse.GetRequiredValue(_vlm));
        var text = ArrayFile.ReadVectors(parse.GetRequiredValue(_text));
        if (text.Shape[1] != vlm.Shape[1])
            throw ArrayFile.Refused(parse.GetRequiredValue(_text), text.Shape, $"its vectors must have the {vlm.Shape[1]} numbers of those of --vlm");
        int[] mapping = parse.GetValue(_mapping) is { } path ? ArrayFile.ReadMapping(path, text.Shape[0]) : [];
        return new PropagateInputs(picture, windows, patch, vm, vlm, text, mapping);
    }

    private static Option<string> RequiredFile(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName, Required = true };

    private sealed record PropagateInputs(
        RgbImage Picture, Window[] Windows, int PatchSize, NdArray<float> Vm, NdArray<float> Vlm, NdArray<float> Text, int[] Mapping)
    {
        public int Classes => Mapping.Length > 0 ? Mapping.Max() + 1 : Text.Shape[0];

        public SegmentInputs ForCore() => new()
        {
            PatchSize = PatchSize,
            Image = new(Picture.Pixels.Span, Picture.Height, Picture.Width, 3),
            Windows = Windows,
            Vm = new(Vm.Span, Vm.Shape[0], Vm.Shape[1]),
            Vlm = new(Vlm.Span, Vlm.Shape[0], Vlm.Shape[1]),
            Text = new(Text.Span, Text.Shape[0], Text.Shape[1]),
            PromptClasses = Mapping,
        };
    }
}
