using System.CommandLine;
using System.Globalization;
using Lposs.Cli.Files;
using Lposs.Cli.Options;
using Lposs.Cli.Output;
using Lposs.Imaging;

namespace Lposs.Cli.Commands;

/// <summary>What is asked of the core for one image.</summary>
internal sealed record OneImageSettings(
    ComputeOptions Compute,
    PropagationParameters Parameters,
    ImageReadOptions Limits,
    PixelSize? Size,
    bool WithScores,
    bool WithConfidence
);

/// <summary>One image with its arrays, ready for the core.</summary>
/// <param name="Columns">Prompts or classes that are solved for.</param>
/// <param name="ColumnName">What a column is: "prompts" or "classes".</param>
/// <param name="Solve">Opens the core and computes; counts the opening.</param>
internal sealed record OneImageJob(int Columns, string ColumnName, Func<StageTimes, PropagationResult> Solve)
{
    /// <summary>The file that is refined; null where none is.</summary>
    public string? Source { get; init; }

    /// <summary>How far the method goes; null where there is no choice.</summary>
    public SegmentationMode? Mode { get; init; }

    /// <summary>How many prompts there are; null where there are none.</summary>
    public int? Prompts { get; init; }
}

/// <summary>The skeleton of propagate and refine: an image and arrays in, results of one image out.</summary>
internal abstract class OneImageCommand : ComputingCommand
{
    private readonly Option<string?> _image = FileOption.Create(
        "--image",
        "IMG",
        "The image, used at its own size: an image file, or .npy [H, W, 3] uint8.",
        isRequired: true
    );

    private readonly Option<PixelSize?> _size = SizeOption.Create(
        "--size",
        "Size of the results in pixels, height first. [default: that of the image]"
    );

    private readonly ResultOptions _results = ResultOptions.FileOrFolder();
    private readonly ParameterOptions _parameters;
    private readonly DeviceOptions _device = new();
    private readonly ImageOptions _images = new();
    private readonly bool _hasPatchStep;

    protected OneImageCommand(CommandHost host, string name, string description, bool hasPatchStep)
        : base(host, name, description)
    {
        _hasPatchStep = hasPatchStep;
        _parameters = new ParameterOptions(fromModel: false, hasPatchStep);
    }

    /// <summary>Adds what the command itself takes between the image and the common options.</summary>
    protected void TakesBesideImage(params ReadOnlySpan<CommandPart> parts)
    {
        Takes(_image);
        Takes(parts);
        Takes(_results, _size, _parameters, _device, _images);
    }

    /// <summary>The files that are read beside the image.</summary>
    /// <exception cref="UsageException">They do not go together.</exception>
    protected abstract IEnumerable<string> Inputs(CommandCall call);

    /// <summary>Reads them.</summary>
    protected abstract OneImageJob Read(CommandCall call, Image image, OneImageSettings settings);

    protected sealed override int Run(CommandCall call)
    {
        var (parse, output, cancellationToken) = call;
        var times = new StageTimes();
        var name = NamedImage.Of(call.Required(_image)!);
        var target = _results.ReadFileOrFolder(parse);
        target.Check([name], Inputs(call).Prepend(name.Input));
        var settings = new OneImageSettings(
            _device.Read(parse),
            _parameters.Override(new PropagationParameters(), parse),
            _images.Read(parse),
            call.Value(_size),
            target.WithScores,
            target.WithConfidence
        );

        output.Progress("reading");
        var image = times.Measure("read", () => ArrayInputs.ReadImage(name.Input, settings.Limits));
        target.RequireSize(image, settings.Size);
        foreach (string warning in image.Warnings)
            output.Warn(warning);
        var job = times.Measure("read", () => Read(call, image, settings));
        cancellationToken.ThrowIfCancellationRequested();
        output.Progress($"{Name}: {image.Width} x {image.Height} pixels");
        try
        {
            var result = job.Solve(times);
            times.Add(result.Times);
            IReadOnlyList<string> collection = [];
            times.Measure("write", () => collection = Write(target, name, image, result, job, cancellationToken));
            Print(call, Document(name, image, target, settings, job, result, times, collection), job);
        }
        catch (Exception error) when (MemorySentence.IsAbout(error))
        {
            throw MemorySentence.Of(error, name.Input, image, job.Columns, job.ColumnName, settings.Size);
        }
        return ExitCode.Done;
    }

    private OneImageDocument Document(
        NamedImage name,
        Image image,
        ResultTarget target,
        OneImageSettings settings,
        OneImageJob job,
        PropagationResult result,
        StageTimes times,
        IReadOnlyList<string> collection
    )
    {
        var solves = SolvesDocument.Of(result.PatchSolve, result.PixelSolve);
        return new OneImageDocument(
            Name,
            name.Input,
            job.Source,
            job.Mode is { } mode ? ModeOption.Word(mode) : null,
            job.Prompts,
            result.ColumnLabels.Length,
            result.ColumnLabels,
            result.Labels.Height,
            result.Labels.Width,
            UsedDeviceDocument.Of(result.Device),
            ParametersDocument.Of(settings.Parameters, _hasPatchStep),
            target.PathsOf(name.Stem),
            collection,
            times.Finish(),
            solves,
            ConvergenceWarning.Of(solves, job.ColumnName) is { } warning ? [.. image.Warnings, warning] : image.Warnings
        );
    }

    private void Print(CommandCall call, OneImageDocument document, OneImageJob job)
    {
        if (
            (call.Output.IsVerbose || _parameters.AskForConvergence(call.Parse))
            && ConvergenceWarning.Of(document.Solves, job.ColumnName) is { } warning
        )
            call.Output.Warn(warning);
        foreach (var table in document.Tables(call.Output.IsVerbose))
            call.Output.Show(table);
        call.Output.Document(document, JsonContext.Readable.OneImageDocument);
    }

    /// <summary>The results in their formats; a class is named by its label.</summary>
    private static IReadOnlyList<string> Write(
        ResultTarget target,
        NamedImage name,
        Image image,
        PropagationResult result,
        OneImageJob job,
        CancellationToken cancellationToken
    )
    {
        var classes = new ClassList(
            result.ColumnLabels.Select(label => new ClassDefinition(label.ToString(CultureInfo.InvariantCulture))
            {
                Id = label,
                Colour = RgbColour.Default(label),
            })
        );
        using var writer = target.Open(classes);
        writer.Write(
            name,
            image,
            new SegmentationResult
            {
                Labels = result.Labels,
                Scores = result.Scores,
                Confidence = result.Confidence,
                Classes = classes,
                Mode = job.Mode ?? SegmentationMode.LpossPlus,
                Times = new SegmentationTimes(0, new EncodingTimes(0, 0, 0), result.Times),
                PatchSolve = result.PatchSolve,
                PixelSolve = result.PixelSolve,
                Device = result.Device,
                Warnings = [],
            },
            cancellationToken
        );
        return writer.Finish();
    }
}
