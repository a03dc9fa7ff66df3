using System.Globalization;
using Lposs.Cli.Files;
using Lposs.Cli.Options;
using Lposs.Cli.Output;
using Lposs.Encoding;
using Lposs.Segmentation;

namespace Lposs.Cli.Commands;

/// <summary>Says how a run of <c>lposs segment</c> goes, and in the end what came of it.</summary>
internal sealed class SegmentReporter(
    CommandOutput output, Segmenter segmenter, ClassList classes, SegmentationSettings settings, int count)
{
    private readonly List<SegmentedPictureDocument> _pictures = [];
    private readonly List<string> _warnings = [];
    private readonly UsedDeviceDocument _device = UsedDeviceDocument.Of(segmenter.Device);
    private bool _hasBegun;

    public bool HasFailures => FailedCount > 0;

    private int FailedCount => _pictures.Count(picture => picture.Error is not null);

    private IEnumerable<SegmentedPictureDocument> Finished => _pictures.Where(picture => picture.Error is null);

    public void Start(PictureOutputs picture) => output.Progress($"[{_pictures.Count + 1}/{count}] {picture.Input}");

    public void Done(SegmentedPictureDocument picture)
    {
        Begin();
        _pictures.Add(picture);
        var table = new ResultTable($"{picture.Image}, {picture.Width} x {picture.Height} pixels", "", "");
        foreach (var (what, path) in picture.Outputs!)
            table.Add(what, path);
        table.Add("shares", string.Join(", ", classes.Classes.Select(c => $"{c.Name} {Percent(picture.Shares![c.Id])}")));
        table.Add("ms", string.Join(", ", picture.Milliseconds!.Select(stage =>
            string.Create(CultureInfo.InvariantCulture, $"{stage.Key.Replace('_', ' ')} {stage.Value:0.0}"))));
        output.Show(table);
    }

    public void Failed(PictureOutputs picture, Exception error)
    {
        Begin();
        // The sentence of a picture that cannot be read names it already.
        string sentence = Failure.Of(error).Sentence;
        if (!sentence.Contains(picture.Input, StringComparison.Ordinal))
            sentence = $"cannot segment '{picture.Input}': {sentence}";
        _pictures.Add(new SegmentedPictureDocument(picture.Input, sentence));
        output.Fail(sentence, error);
    }

    /// <param name="classFile">The class file that was written, if any picture was done.</param>
    public void End(string? classFile)
    {
        if (ConvergenceWarning.Of([.. Finished.Select(picture => picture.Solves!)], "prompts") is { } warning)
            Warn(warning);
        if (classFile is not null)
            output.Show(ClassTable(classFile));
        output.Document(
            new SegmentDocument(
                "segment", UsedModelDocument.Of(segmenter.Bundle, settings.Appearance), ModeOption.Word(settings.Mode),
                _device, ParametersDocument.Of(settings.Parameters!), classFile, [.. classes.Classes.Select(ClassDocument.Of)],
                _pictures, FailedCount, _warnings),
            JsonContext.Readable.SegmentDocument);
    }

    /// <summary>What holds for all pictures; not before the first one, since it shows whether the classes can be used.</summary>
    private void Begin()
    {
        if (_hasBegun)
            return;
        _hasBegun = true;
        if (UnknownWords() is { } warning)
            Warn(warning);
        if (segmenter.CutPromptsWarning(classes) is { } cut)
            Warn(cut);
        output.Show(new ResultTable($"Segmenting {count} picture{(count == 1 ? "" : "s")}", "", "")
            .Add("model", $"{segmenter.Bundle.Name} ({segmenter.Bundle.Folder})")
            .Add("mode", ModeOption.Word(settings.Mode))
            .Add("device", _device.ToString()));
    }

    private void Warn(string sentence)
    {
        _warnings.Add(sentence);
        output.Warn(sentence);
    }

    private string? UnknownWords()
    {
        var unknown = segmenter.UnknownPrompts(classes);
        return unknown.Count == 0 ? null
            : $"the encoders of '{segmenter.Bundle.Name}' were never taught {string.Join(", ", unknown.Select(word => $"'{word}'"))}, so "
            + $"what they say of {(unknown.Count == 1 ? "it" : "them")} means little; lposs models show lists their words, and --model takes real encoders that know others";
    }

    private ResultTable ClassTable(string classFile)
    {
        var table = new ResultTable($"Classes, in {classFile}", "class", ">id", "colour", ">share");
        double pixels = Finished.Sum(picture => (double)picture.Width! * (double)picture.Height!);
        foreach (var c in classes.Classes)
        {
            double share = Finished.Sum(picture => picture.Shares![c.Id] * (double)picture.Width! * (double)picture.Height!) / pixels;
            table.AddColoured(c.Colour, c.Name, c.Id.ToString(CultureInfo.InvariantCulture), c.Colour.ToString(), Percent(share));
        }
        return table;
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");
}
