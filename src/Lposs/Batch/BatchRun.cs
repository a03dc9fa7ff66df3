using System.Diagnostics;
using System.Runtime.InteropServices;
using Lposs.Encoding;
using Lposs.Files;
using Lposs.Formats;
using Lposs.Imaging;
using Lposs.Models;
using Lposs.Segmentation;

namespace Lposs.Batch;

/// <summary>
/// Segments a collection into a folder. A run that was killed is taken up where it was; the results are the same bytes as
/// those of a run that was not. Pictures that fail are listed, and tried again by the next run.
/// </summary>
public sealed class BatchRun
{
    private readonly ModelBundle _bundle;
    private readonly ClassList _classes;
    private readonly IReadOnlyList<IResultFormat> _formats;
    private readonly BatchOptions _options;
    private readonly SegmentationSettings _settings;

    /// <param name="bundle">The encoders.</param>
    /// <param name="classes">One or more.</param>
    /// <param name="formats">How to write the results down, one or more.</param>
    /// <param name="options">How to run.</param>
    /// <exception cref="ArgumentException">There is no format, or one is there twice.</exception>
    public BatchRun(ModelBundle bundle, ClassList classes, IReadOnlyList<IResultFormat> formats, BatchOptions options)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(formats);
        ArgumentNullException.ThrowIfNull(options);
        if (formats.Count == 0 || formats.DistinctBy(format => format.Name).Count() != formats.Count)
            throw new ArgumentException("formats must name one format or more, each once.", nameof(formats));
        _bundle = bundle;
        _classes = classes;
        _formats = formats;
        _options = options;
        var needs = formats.Aggregate(ResultNeeds.None, (all, format) => all | format.Needs);
        _settings = options.Settings with
        {
            WithScores = needs.HasFlag(ResultNeeds.Scores),
            WithConfidence = needs.HasFlag(ResultNeeds.Confidence),
        };
    }

    /// <summary>Does what is left to do, and writes the report.</summary>
    /// <param name="inputs">The whole collection, also where this run does a part of it.</param>
    /// <param name="observer">Told what happens.</param>
    /// <param name="cancellation">Stops the run, which can be taken up later.</param>
    /// <returns>The report, also written to the folder.</returns>
    /// <exception cref="BatchException">The folder holds a run with other settings or is in use, two pictures would have one result, or too many failed.</exception>
    /// <exception cref="ModelBundleException">An encoder is not as the manifest says.</exception>
    /// <exception cref="EncoderDeviceException">The encoders cannot run on the device that was asked for.</exception>
    /// <exception cref="LpossDeviceException">The core cannot compute on the device that was asked for.</exception>
    /// <exception cref="IOException">A result cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public BatchReport Run(IReadOnlyList<BatchInput> inputs, IBatchObserver observer, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(observer);
        var plan = new BatchPlan(inputs, _options.Shard, _formats);
        var fingerprint = RunFingerprint.Of(_bundle, _classes, _settings, _formats.Select(format => format.Name), _options.Shard);
        using var folder = new RunFolder(_options.Output, _options.Shard);
        using var journal = Journal.Open(folder.JournalPath, fingerprint, _options.Force, entry =>
        {
            if (folder.Holds(entry, _options.VerifyResults))
                plan.MarkDone(entry.Name, entry.Width, entry.Height);
            else
                plan.MarkUndone(entry.Name);
        });
        folder.RemoveLeftovers(plan.Results);
        AtomicFile.WriteText(folder.PathOf(RunFolder.ClassFileName), _classes.ToJson());
        using var pipeline = new BatchPipeline(_bundle, _classes, _options, _settings);
        var budget = new ByteBudget(_options.MemoryBudget);
        long doneBefore = plan.DoneCount;
        var sink = new Sink(plan, folder, journal, observer, pipeline, _options.MaxErrors);
        observer.Started(plan.Inputs.Count, doneBefore);
        long start = Stopwatch.GetTimestamp();

        BatchReport Report(bool isComplete) => new()
        {
            Versions = Versions(),
            Settings = fingerprint.Settings,
            Device = $"{pipeline.Device.Name} ({pipeline.Device.Reason})",
            Backend = $"core {pipeline.Device.Backend}, encoders {pipeline.Device.Encoders?.ToString().ToLowerInvariant()}",
            Inputs = plan.Inputs.Count,
            DoneBefore = doneBefore,
            Done = plan.DoneCount - doneBefore,
            Failed = sink.Errors.Count,
            IsComplete = isComplete,
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            Stages = pipeline.Stages,
            MemoryBudget = budget.Total,
            MemoryBudgetPeak = budget.Peak,
            PeakMemory = Process.GetCurrentProcess().PeakWorkingSet64,
            Warnings = pipeline.Warnings,
        };

        try
        {
            pipeline.RunAsync([.. plan.Remaining], _formats, budget, sink, cancellation).GetAwaiter().GetResult();
            if (_options.Shard.Count == 1)
                Assemble(folder.Folder, plan.Finished);
        }
        catch
        {
            folder.WriteErrors(sink.Errors);
            folder.WriteReport(Report(isComplete: false));
            throw;
        }
        folder.WriteErrors(sink.Errors);
        var report = Report(isComplete: true);
        folder.WriteReport(report);
        return report;
    }

    private void Assemble(string folder, IEnumerable<FinishedPicture> finished)
    {
        foreach (var format in _formats.OfType<ICollectionFormat>())
            format.Assemble(folder, finished, _classes);
    }

    private static Dictionary<string, string> Versions() => new()
    {
        ["lposs"] = LpossLibrary.Version,
        ["onnxruntime"] = EncoderRuntime.Version,
        ["libvips"] = ImageFile.LibraryVersion,
        ["dotnet"] = RuntimeInformation.FrameworkDescription,
    };

    /// <summary>Writes results, keeps the journal and counts failures.</summary>
    private sealed class Sink(
        BatchPlan plan, RunFolder folder, Journal journal, IBatchObserver observer, BatchPipeline pipeline, int? maxErrors) : IBatchSink
    {
        private readonly Lock _guard = new();
        private readonly List<BatchError> _errors = [];

        public IReadOnlyCollection<BatchError> Errors
        {
            get
            {
                lock (_guard)
                    return [.. _errors];
            }
        }

        public void Finish(BatchInput input, int width, int height, IReadOnlyList<ResultFile> results, double milliseconds)
        {
            var outputs = folder.Write(results);
            journal.Append(new JournalEntry(input.Name, width, height, outputs));
            lock (_guard)
            {
                plan.MarkDone(input.Name, width, height);
                observer.Finished(new BatchPicture(input.Name, width, height, milliseconds), pipeline.Stages);
            }
        }

        public void Fail(BatchError failure)
        {
            lock (_guard)
            {
                _errors.Add(failure);
                observer.Failed(failure);
                if (_errors.Count > maxErrors)
                    throw new BatchException($"{_errors.Count} pictures failed, more than the {maxErrors} that --max-errors allows; '{folder.ErrorsPath}' names them");
            }
        }
    }
}
