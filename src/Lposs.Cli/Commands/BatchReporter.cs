using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Lposs.Batch;
using Lposs.Cli.Output;

namespace Lposs.Cli.Commands;

/// <summary>
/// Says how <c>lposs batch</c> goes: on a terminal one line that is replaced, in a log a line every ten seconds, with
/// <c>--json</c> an event for every picture.
/// </summary>
internal sealed class BatchReporter(CommandOutput output) : IBatchObserver, IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(Console.IsErrorRedirected ? 10 : 0.2);

    private readonly Lock _guard = new();
    private long _start;
    private long _lastLine;
    private long _inputs;
    private long _doneBefore;
    private long _finished;

    public void Started(long inputs, long doneBefore)
    {
        _start = _lastLine = Stopwatch.GetTimestamp();
        (_inputs, _doneBefore) = (inputs, doneBefore);
        Event(new BatchStartEvent(inputs, doneBefore), BatchJson.Line.BatchStartEvent);
        if (doneBefore > 0)
            output.Note(Text($"{doneBefore} of {inputs} pictures are done; going on with the others"));
    }

    public void Finished(BatchPicture picture, IReadOnlyList<StageReport> stages)
    {
        Event(new BatchPictureEvent(picture.Name, picture.Width, picture.Height, Math.Round(picture.Milliseconds, 3)), BatchJson.Line.BatchPictureEvent);
        lock (_guard)
        {
            _finished++;
            if (Stopwatch.GetElapsedTime(_lastLine) < s_interval)
                return;
            _lastLine = Stopwatch.GetTimestamp();
        }
        Progress(stages);
    }

    public void Failed(BatchError failure)
    {
        lock (_guard)
            _finished++;
        Event(new BatchErrorEvent(failure.Name, failure.Stage, failure.Reason), BatchJson.Line.BatchErrorEvent);
        output.Fail(failure.Reason.Contains(failure.Name, StringComparison.Ordinal) ? failure.Reason : $"'{failure.Name}': {failure.Reason}");
    }

    /// <summary>What came of it.</summary>
    public void End(BatchReport report, string folder)
    {
        output.ClearProgress();
        foreach (string warning in report.Warnings)
            output.Warn(warning);
        var summary = new ResultTable($"{report.Done + report.DoneBefore} of {report.Inputs} pictures are in {folder}", "", "")
            .Add("done now", Text($"{report.Done} in {report.Seconds:0.0} s, {report.PicturesPerSecond:0.00} a second"))
            .Add("done before", Text($"{report.DoneBefore}"))
            .Add("failed", report.Failed == 0 ? "0" : Text($"{report.Failed}, named in errors.jsonl"))
            .Add("device", $"{report.Backend}; {report.Device}")
            .Add("memory", Text($"{report.PeakMemory / 1048576.0:0} MiB at most"));
        if (report is { SlowestStage: { } slowest, ShareOfSlowestStage: { } share })
            summary.Add("rate", Text($"{100 * share:0} % of what the slowest stage, {slowest}, could do alone"));
        output.Show(summary);
        var stages = new ResultTable("Stages", "stage", ">workers", ">pictures", ">busy, s", ">alone, 1/s");
        foreach (var stage in report.Stages)
            stages.Add(stage.Name, Text($"{stage.Workers}"), Text($"{stage.Pictures}"), Text($"{stage.BusySeconds:0.0}"), Text($"{stage.PicturesPerSecondAlone:0.00}"));
        output.Show(stages);
        Event(new BatchEndEvent(report), BatchJson.Line.BatchEndEvent);
    }

    public void Dispose() => output.ClearProgress();

    private void Progress(IReadOnlyList<StageReport> stages)
    {
        double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        double rate = _finished / seconds;
        long all = _finished + _doneBefore;
        double left = (_inputs - all) / rate;
        var shares = stages.ToDictionary(stage => stage.Name, stage => Math.Round(stage.BusySeconds / (seconds * stage.Workers), 4));
        Event(new BatchProgressEvent(all, _inputs, Math.Round(rate, 3), Math.Round(left, 1), shares), BatchJson.Line.BatchProgressEvent);
        string line = Text($"{all}/{_inputs} pictures, {rate:0.0} a second, {TimeSpan.FromSeconds(Math.Min(left, 1e8)):d\\.hh\\:mm\\:ss} left; ")
            + string.Join(", ", shares.Select(share => Text($"{share.Key} {100 * share.Value:0} %")));
        if (Console.IsErrorRedirected)
            output.Note(line);
        else
            output.Progress(line);
    }

    private void Event<T>(T content, JsonTypeInfo<T> type)
    {
        lock (_guard)
            output.Document(content, type);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
