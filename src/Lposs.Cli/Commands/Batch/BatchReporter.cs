using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Lposs.Cli.Output;
using Lposs.Tools.Batch;

namespace Lposs.Cli.Commands.Batch;

/// <summary>
/// Says how <c>lposs batch</c> goes: on a terminal a bar, in a log a line every ten seconds, with
/// <c>--json</c> an event for every image.
/// </summary>
internal sealed class BatchReporter(CommandOutput output) : IProgress<BatchProgress>
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(Console.IsErrorRedirected ? 10 : 0.2);

    private readonly Lock _guard = new();
    private long _start;
    private long _lastLine;
    private long _inputs;
    private long _doneBefore;
    private long _finished;

    public void Report(BatchProgress value)
    {
        if (value.Image is { } image)
            Finished(image, value.Stages);
        else if (value.Error is { } error)
            Failed(error);
        else
            Started(value.Inputs, value.DoneBefore, value.Notes);
    }

    /// <summary>Says once what was found among the images and left out.</summary>
    public void LeftOut(IReadOnlyList<LeftOutFiles> files)
    {
        if (files.Count > 0)
            output.Note(
                "left out, since they are no images: "
                    + string.Join(", ", files.Select(kind => Text($"{kind.Count} {kind.Kind}")))
                    + $" (such as {files[0].Example})"
            );
    }

    private void Started(long inputs, long doneBefore, IReadOnlyList<string> notes)
    {
        _start = _lastLine = Stopwatch.GetTimestamp();
        (_inputs, _doneBefore) = (inputs, doneBefore);
        Event(new BatchStartEvent(inputs, doneBefore, notes), JsonContext.Line.BatchStartEvent);
        if (doneBefore > 0)
            output.Note(Text($"{doneBefore} of {inputs} images are done; resuming with the others"));
        foreach (string note in notes)
            output.Note(note);
    }

    private void Finished(BatchImage image, IReadOnlyList<StageReport> stages)
    {
        Event(
            new BatchImageEvent(
                image.Name,
                image.Width,
                image.Height,
                Math.Round(image.Milliseconds, 3),
                image.Warnings
            ),
            JsonContext.Line.BatchImageEvent
        );
        foreach (string warning in image.Warnings)
            output.Warn(warning);
        lock (_guard)
        {
            _finished++;
            if (Stopwatch.GetElapsedTime(_lastLine) < s_interval)
                return;
            _lastLine = Stopwatch.GetTimestamp();
        }
        Progress(stages);
    }

    private void Failed(BatchError failure)
    {
        lock (_guard)
            _finished++;
        Event(new BatchErrorEvent(failure.Name, failure.Stage, failure.Reason), JsonContext.Line.BatchErrorEvent);
        output.Fail(
            failure.Reason.Contains(failure.Name, StringComparison.Ordinal)
                ? failure.Reason
                : $"'{failure.Name}': {failure.Reason}"
        );
    }

    /// <summary>Says what came of it, and returns the exit code.</summary>
    public int End(BatchReport report, string folder)
    {
        foreach (string warning in report.Warnings)
            output.Warn(warning);
        var summary = new ResultTable(
            $"{report.Done + report.DoneBefore} of {report.Inputs} images are in {folder}",
            "",
            ""
        )
            .Add("done now", Text($"{report.Done} in {report.Seconds:0.0} s, {report.ImagesPerSecond:0.00} a second"))
            .Add("done before", Text($"{report.DoneBefore}"))
            .Add("failed", report.Failed == 0 ? "0" : Text($"{report.Failed}, named in errors.jsonl"))
            .Add("device", DeviceText(report))
            .Add("memory", Text($"{report.PeakMemory / 1048576.0:0} MiB at most"));
        if (report is { SlowestStage: { } slowest, ShareOfSlowestStage: { } share })
            summary.Add("rate", Text($"{100 * share:0} % of what the slowest stage, {slowest}, could do alone"));
        output.Show(summary);
        var stages = new ResultTable("Stages", "stage", ">workers", ">images", ">busy, s", ">alone, 1/s");
        foreach (var stage in report.Stages)
            stages.Add(
                stage.Name,
                Text($"{stage.Workers}"),
                Text($"{stage.Images}"),
                Text($"{stage.BusySeconds:0.0}"),
                Text($"{stage.ImagesPerSecondAlone:0.00}")
            );
        output.Show(stages);
        Event(new BatchEndEvent(report), JsonContext.Line.BatchEndEvent);
        return report.Failed > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    private void Progress(IReadOnlyList<StageReport> stages)
    {
        double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        double rate = _finished / seconds;
        long all = _finished + _doneBefore;
        double left = (_inputs - all) / rate;
        var shares = stages.ToDictionary(
            stage => stage.Name,
            stage => Math.Round(stage.BusySeconds / (seconds * stage.Workers), 4)
        );
        Event(
            new BatchProgressEvent(all, _inputs, Math.Round(rate, 3), Math.Round(left, 1), shares),
            JsonContext.Line.BatchProgressEvent
        );
        string line =
            Text($"{all}/{_inputs} images, {rate:0.0} a second, ")
            + Text($"{TimeSpan.FromSeconds(Math.Min(left, 1e8)):d\\.hh\\:mm\\:ss} left; ")
            + string.Join(", ", shares.Select(share => Text($"{share.Key} {100 * share.Value:0} %")));
        if (Console.IsErrorRedirected)
            output.Note(line);
        else
            output.Progress(line, (double)all / _inputs);
    }

    private string DeviceText(BatchReport report) =>
        output.IsVerbose || CudaBuild.IsHere
            ? $"{report.Device} ({report.Backend}); {report.DeviceReason}"
            : $"{report.Device} ({report.Backend})";

    private void Event<T>(T content, JsonTypeInfo<T> type)
    {
        lock (_guard)
            output.Document(content, type);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
