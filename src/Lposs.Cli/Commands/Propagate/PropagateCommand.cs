using System.CommandLine;
using Lposs.Cli.Files;
using Lposs.Cli.Options;

namespace Lposs.Cli.Commands.Propagate;

/// <summary><c>lposs propagate</c>: the method on encoder outputs from anywhere, one image.</summary>
internal sealed class PropagateCommand : OneImageCommand
{
    private readonly Option<string?> _vm = FileOption.Create(
        "--vm",
        "FILE.npy",
        "Patch features of the vision model, [N, D]: window after window, row by row; need not be unit. Not used with "
            + "--mode vlm."
    );

    private readonly Option<string?> _vlm = FileOption.Create(
        "--vlm",
        "FILE.npy",
        "Patch features of the vision-language model, [N, D'], in the same order.",
        isRequired: true
    );

    private readonly Option<string?> _text = FileOption.Create(
        "--text",
        "FILE.npy",
        "Embeddings of the prompts, [P, D'], unit rows.",
        isRequired: true
    );

    private readonly Option<string?> _mapping = FileOption.Create(
        "--mapping",
        "FILE.npy",
        "The class of each prompt, [P] integers; a class takes its prompts' largest score. [default: prompt p is "
            + "class p]"
    );

    private readonly Option<int?> _window = NumberOption.Whole(
        "--window",
        "Side of the encoders' windows in pixels. [default: 224]",
        1,
        65_536
    );

    private readonly Option<int?> _stride = NumberOption.Whole(
        "--stride",
        "Pixels from one window to the next. [default: 112]",
        1,
        65_536
    );

    private readonly Option<int?> _patch = NumberOption.Whole(
        "--patch",
        "Side of a patch in pixels. [default: 16]",
        1,
        256
    );

    private readonly ModeOption _mode = new();

    public PropagateCommand(CommandHost host)
        : base(
            host,
            "propagate",
            "Run LPOSS or LPOSS+ on the outputs of your own encoders: patch features and text embeddings as .npy "
                + "files in, labels or scores of one image out.",
            hasPatchStep: true
        ) => TakesBesideImage(_vm, _vlm, _text, _mapping, _window, _stride, _patch, _mode);

    protected override IEnumerable<string> Inputs(CommandCall call)
    {
        if (_mode.Read(call.Parse) != SegmentationMode.Vlm && call.Value(_vm) is null)
            throw new UsageException("--vm is not given; only --mode vlm goes without it");
        return new[] { call.Value(_vm), call.Value(_vlm), call.Value(_text), call.Value(_mapping) }.OfType<string>();
    }

    protected override OneImageJob Read(CommandCall call, Image image, OneImageSettings settings)
    {
        int window = call.Value(_window) ?? 224,
            stride = call.Value(_stride) ?? 112,
            patch = call.Value(_patch) ?? 16;
        if (stride > window)
            throw new UsageException(
                $"--stride is {stride}; it must be at most the window, {window}, or pixels would be left out"
            );
        var mode = _mode.Read(call.Parse);
        var windows = Windows.Create(image.Height, image.Width, window, stride);
        long patches = Windows.CountPatches(windows, patch);
        NdArray<float> ReadPatches(Option<string?> option)
        {
            string path = call.Required(option)!;
            var features = NpyFile.ReadSingle(path);
            if (features.Rank < 2 || features.Length == 0)
                throw ArrayInputs.WrongShape(path, $"for {option.Name}", features.Shape, $"[{patches}, D]");
            int rows = features.Length / features.Shape[^1];
            return rows == patches
                ? features
                : throw new InputException(
                    $"cannot use '{path}' for {option.Name}: it has {rows} patches, and an image of {image.Width} x "
                        + $"{image.Height} pixels has {patches} in {windows.Length} windows (--window {window}, "
                        + $"--stride {stride}, --patch {patch})"
                );
        }
        var text = NpyFile.ReadSingle(call.Required(_text)!);
        int prompts = text.Rank == 0 ? 1 : text.Shape[0];
        var inputs = new PropagationInputs
        {
            Image = image,
            Vm = mode == SegmentationMode.Vlm ? null : ReadPatches(_vm),
            Vlm = ReadPatches(_vlm),
            Text = text,
            PromptClasses = call.Value(_mapping) is { } path ? ArrayInputs.ReadMapping(path, prompts) : null,
            Crop = window,
            Stride = stride,
            PatchSize = patch,
        };
        return new OneImageJob(
            prompts,
            "prompts",
            times =>
            {
                using var propagator = times.Measure("open", () => new Propagator(settings.Compute));
                return propagator.Propagate(
                    inputs,
                    new PropagationSettings
                    {
                        Mode = mode,
                        Parameters = settings.Parameters,
                        Size = settings.Size,
                        WithScores = settings.WithScores,
                        WithConfidence = settings.WithConfidence,
                    },
                    call.CancellationToken
                );
            }
        )
        {
            Mode = mode,
            Prompts = prompts,
        };
    }
}
