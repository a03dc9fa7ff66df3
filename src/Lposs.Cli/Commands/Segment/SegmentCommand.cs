using System.CommandLine;
using Lposs.Cli.Options;
using Lposs.Cli.Output;

namespace Lposs.Cli.Commands.Segment;

/// <summary><c>lposs segment</c>: images and class names in, label maps out.</summary>
internal sealed class SegmentCommand : ComputingCommand
{
    private readonly Argument<string[]> _images = new("IMAGE")
    {
        Description = "Images: JPEG, PNG, WebP, TIFF or GIF.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _classes = ClassesOption.Create(isRequired: true);

    private readonly ResultOptions _results = ResultOptions.Folder(
        "Folder for the results, which are named by their images, and classes.json. Results of an earlier run are "
            + "replaced.",
        "segmented"
    );

    private readonly SegmentationOptions _segmentation = new();

    public SegmentCommand(CommandHost host)
        : base(
            host,
            "segment",
            "Segment images into the classes you name. Each image's label map is a PNG of its own size whose values "
                + "are the classes' ids."
        ) => Takes(_images, _classes, _results, _segmentation);

    protected override int Run(CommandCall call)
    {
        var (parse, output, cancellationToken) = call;
        var classes = ClassesOption.Read(call.Required(_classes)!);
        NamedImage[] images = [.. call.Required(_images).Select(NamedImage.Of)];
        var target = _results.ReadFolder(parse);
        target.Check(images, images.Select(image => image.Input));

        var bundle = _segmentation.OpenBundle(parse, output);
        using var segmenter = _segmentation.OpenSegmenter(parse, bundle);
        var settings = _segmentation.ReadSettings(parse, bundle) with
        {
            WithScores = target.WithScores,
            WithConfidence = target.WithConfidence,
        };
        var reporter = new SegmentReporter(call, segmenter, classes, settings, images.Length);
        using var segmentation = new ImageSegmentation(
            segmenter,
            classes,
            settings,
            _segmentation.ReadLimits(parse),
            target
        );
        foreach (var image in images)
        {
            reporter.Start(image);
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                reporter.Done(segmentation.Run(image, cancellationToken));
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // The other images are done nevertheless.
                reporter.Failed(image, error);
            }
        }
        reporter.End(
            segmentation.ClassFile,
            segmentation.Finish(),
            output.IsVerbose || _segmentation.AskForConvergence(parse)
        );
        return reporter.HasFailures ? ExitCode.Failed : ExitCode.Done;
    }
}
