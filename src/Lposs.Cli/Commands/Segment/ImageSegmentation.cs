using Lposs.Cli.Output;
using Lposs.Files;
using Lposs.Imaging;

namespace Lposs.Cli.Commands.Segment;

/// <summary>One image of <c>lposs segment</c>, from its file to its results' files.</summary>
internal sealed class ImageSegmentation(
    Segmenter segmenter,
    ClassList classes,
    SegmentationSettings settings,
    ImageReadOptions limits,
    ResultTarget target
) : IDisposable
{
    private const string ClassFileName = "classes.json";

    private readonly ResultWriter _writer = target.Open(classes);

    /// <summary>The class file of the run; null until an image is done.</summary>
    public string? ClassFile { get; private set; }

    public SegmentedImageDocument Run(NamedImage name, CancellationToken cancellationToken)
    {
        var times = new StageTimes();
        var image = times.Measure("read", () => Image.Load(name.Input, limits));
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var result = segmenter.Segment(image, classes, settings, cancellationToken);
            times.Add(result.Times);
            times.Measure("write", () => Write(name, image, result, cancellationToken));
            return new SegmentedImageDocument(
                name.Input,
                null,
                image.Width,
                image.Height,
                target.PathsOf(name.Stem),
                SharesOf(result),
                times.Finish(),
                SolvesDocument.Of(result.PatchSolve, result.PixelSolve),
                image.Warnings
            );
        }
        catch (Exception error) when (MemorySentence.IsAbout(error))
        {
            throw MemorySentence.Of(error, name.Input, image, classes.Prompts.Length, "prompts");
        }
    }

    /// <summary>Writes the files of the whole collection, and names them.</summary>
    public IReadOnlyList<string> Finish() => _writer.Finish();

    public void Dispose() => _writer.Dispose();

    private void Write(NamedImage name, Image image, SegmentationResult result, CancellationToken cancellationToken)
    {
        OutputFolder.Create(target.Path);
        if (ClassFile is null)
        {
            string path = Path.Combine(target.Path, ClassFileName);
            AtomicFile.WriteText(path, classes.ToJson());
            ClassFile = path;
        }
        _writer.Write(name, image, result, cancellationToken);
    }

    private Dictionary<int, double> SharesOf(SegmentationResult result)
    {
        long[] pixels = new long[ushort.MaxValue + 1];
        foreach (ushort label in result.Labels.Labels.Span)
            pixels[label]++;
        return classes.Classes.ToDictionary(
            c => c.Id,
            c => Math.Round((double)pixels[c.Id] / result.Labels.Labels.Length, 6)
        );
    }
}
