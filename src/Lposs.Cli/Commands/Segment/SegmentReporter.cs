using System.Globalization;
using Lposs.Cli.Options;
using Lposs.Cli.Output;

namespace Lposs.Cli.Commands.Segment;

/// <summary>Says how a run of <c>lposs segment</c> goes, and in the end what came of it.</summary>
internal sealed class SegmentReporter(
    CommandCall call,
    Segmenter segmenter,
    ClassList classes,
    SegmentationSettings settings,
    int count
)
{
    private readonly CommandOutput _output = call.Output;
    private readonly List<SegmentedImageDocument> _images = [];
    private readonly List<string> _warnings = [];
    private readonly UsedDeviceDocument _device = UsedDeviceDocument.Of(segmenter.Device);
    private bool _hasBegun;

    public bool HasFailures => FailedCount > 0;

    private int FailedCount => _images.Count(image => image.Error is not null);

    private IEnumerable<SegmentedImageDocument> Finished => _images.Where(image => image.Error is null);

    public void Start(NamedImage image) =>
        _output.Progress($"[{_images.Count + 1}/{count}] {image.Input}", (double)_images.Count / count);

    public void Done(SegmentedImageDocument image)
    {
        Begin();
        _images.Add(image);
        foreach (string warning in image.Warnings!)
            _output.Warn(warning);
        var table = new ResultTable($"{image.Image}, {image.Width} x {image.Height} pixels", "", "");
        foreach (var (what, path) in image.Outputs!)
            table.Add(what, path);
        table.Add("shares", string.Join(", ", classes.Classes.Select(c => $"{c.Name} {Percent(image.Shares![c.Id])}")));
        table.Add(
            "ms",
            string.Join(
                ", ",
                image.Milliseconds!.Select(stage =>
                    string.Create(CultureInfo.InvariantCulture, $"{stage.Key.Replace('_', ' ')} {stage.Value:0.0}")
                )
            )
        );
        _output.Show(table);
    }

    public void Failed(NamedImage image, Exception error)
    {
        Begin();
        // The sentence of an image that cannot be read names it already.
        string sentence = Failure.Of(error, call.Parse).Sentence;
        if (!sentence.Contains(image.Input, StringComparison.Ordinal))
            sentence = $"cannot segment '{image.Input}': {sentence}";
        _images.Add(new SegmentedImageDocument(image.Input, sentence));
        _output.Fail(sentence, error);
    }

    /// <param name="classFile">The class file that was written, if any image was done.</param>
    /// <param name="collection">Files of all images together.</param>
    /// <param name="warnOfConvergence">Whether solves that stopped before their tolerance are said to people.</param>
    public void End(string? classFile, IReadOnlyList<string> collection, bool warnOfConvergence)
    {
        if (ConvergenceWarning.Of([.. Finished.Select(image => image.Solves!)], "prompts") is { } warning)
            Warn(warning, isShown: warnOfConvergence);
        foreach (string file in collection)
            _output.Note($"wrote {file}");
        if (classFile is not null && Finished.Any())
            _output.Show(ClassTable(classFile));
        _output.Document(
            new SegmentDocument(
                "segment",
                UsedModelDocument.Of(segmenter.Bundle, settings.Appearance),
                ModeOption.Word(settings.Mode),
                _device,
                ParametersDocument.Of(settings.Parameters!),
                classFile,
                [.. classes.Classes.Select(ClassDocument.Of)],
                _images,
                collection,
                FailedCount,
                _warnings
            ),
            JsonContext.Readable.SegmentDocument
        );
    }

    /// <summary>What holds for all images; not before the first one, since it shows whether the classes can be
    /// used.</summary>
    private void Begin()
    {
        if (_hasBegun)
            return;
        _hasBegun = true;
        if (UnknownWords() is { } warning)
            Warn(warning);
        if (segmenter.CutPromptsWarning(classes) is { } cut)
            Warn(cut);
        if (segmenter.PromptCacheProblem is { } problem)
            Warn(problem);
        _output.Show(
            new ResultTable($"Segmenting {count} image{(count == 1 ? "" : "s")}", "", "")
                .Add("model", $"{segmenter.Bundle.Name} ({segmenter.Bundle.Folder})")
                .Add("mode", ModeOption.Word(settings.Mode))
                .Add("device", _device.Text(_output.IsVerbose))
        );
    }

    private void Warn(string sentence, bool isShown = true)
    {
        _warnings.Add(sentence);
        if (isShown)
            _output.Warn(sentence);
    }

    private string? UnknownWords()
    {
        var unknown = segmenter.UnknownPrompts(classes);
        return unknown.Count == 0
            ? null
            : $"the encoders of '{segmenter.Bundle.Name}' were never taught "
                + $"{string.Join(", ", unknown.Select(word => $"'{word}'"))}, so "
                + $"what they say of {(unknown.Count == 1 ? "it" : "them")} means little; lposs models show lists "
                + "their words, and --model takes real encoders that know others";
    }

    private ResultTable ClassTable(string classFile)
    {
        var table = new ResultTable($"Classes, in {classFile}", "class", ">id", "colour", ">share");
        double pixels = Finished.Sum(image => (double)image.Width! * (double)image.Height!);
        foreach (var c in classes.Classes)
        {
            double share =
                Finished.Sum(image => image.Shares![c.Id] * (double)image.Width! * (double)image.Height!) / pixels;
            table.AddColoured(
                c.Colour,
                c.Name,
                c.Id.ToString(CultureInfo.InvariantCulture),
                c.Colour.ToString(),
                Percent(share)
            );
        }
        return table;
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");
}
