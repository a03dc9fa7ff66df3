using System.Diagnostics;
using System.Runtime.InteropServices;
using Lposs.Bundles;
using Lposs.Encoders;
using Lposs.Files;
using Lposs.Tools.Formats;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lposs.Tools.Batch;

/// <summary>
/// Segments a collection into a folder. A killed batch resumes where it stopped; the results are byte-identical. Images
/// that fail are listed, and tried again by the next batch.
/// </summary>
public sealed partial class BatchSegmenter
{
    private readonly ILogger _logger;
    private readonly ModelBundle _bundle;
    private readonly ClassList _classes;
    private readonly IReadOnlyList<IResultFormat> _formats;
    private readonly BatchOptions _options;
    private readonly SegmentationSettings _settings;

    /// <param name="bundle">The encoders.</param>
    /// <param name="classes">One or more.</param>
    /// <param name="formats">How to write the results down, one or more.</param>
    /// <param name="options">How to work.</param>
    /// <param name="logger">Told of the begin, of failed images and of the end; null is accepted.</param>
    /// <exception cref="LpossException">There is no format, or one is there twice.</exception>
    public BatchSegmenter(
        ModelBundle bundle,
        ClassList classes,
        IReadOnlyList<IResultFormat> formats,
        BatchOptions options,
        ILogger? logger = null
    )
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(formats);
        ArgumentNullException.ThrowIfNull(options);
        if (formats.Count == 0 || formats.DistinctBy(format => format.Name).Count() != formats.Count)
            throw new LpossException(LpossErrorCode.InvalidArgument, "there must be one format or more, each once.")
            {
                Argument = "Formats",
            };
        _logger = logger ?? NullLogger.Instance;
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
    /// <param name="collection">The whole collection, also where this batch does a part of it.</param>
    /// <param name="progress">Told of the begin and of every image, from several threads but one call at a time; null
    /// is accepted.</param>
    /// <param name="cancellationToken">Stops the batch, which can be resumed.</param>
    /// <returns>The report, also written to the folder.</returns>
    /// <exception cref="LpossException"><see cref="LpossErrorCode.BatchFailed"/>: the folder holds results of other
    /// settings or is in use, a result would replace a file that is read, two images would have one result, too many
    /// failed, or results vanished while the batch went on.
    /// <see cref="LpossErrorCode.InvalidBundle"/>: an encoder is not as the manifest says.
    /// <see cref="LpossErrorCode.DeviceUnavailable"/>: core or encoders cannot compute on the device that was asked
    /// for.</exception>
    /// <exception cref="IOException">A result cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<BatchReport> RunAsync(
        CollectionInputs collection,
        IProgress<BatchProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(collection);
        var plan = new BatchPlan(collection.Images, _options.Shard, _formats);
        var fingerprint = BatchFingerprint.Of(
            _bundle,
            _classes,
            _settings,
            _options.Images,
            _formats.Select(format => format.Name),
            _options.Shard
        );
        using var folder = new BatchFolder(_options.Output, _options.Shard);
        folder.RequireSameSplit();
        folder.RequireNoInput(new FileGuard(collection.Images.Select(input => input.Path).Distinct()), plan.Results);
        var resumption = new Resumption(plan, folder, _options);
        using var journal = Journal.Open(folder.JournalPath, fingerprint, _options.Overwrite, resumption.Take);
        resumption.Touched.ForEach(journal.Append);
        folder.RemoveLeftovers();
        folder.WriteClasses(_classes);
        using var pipeline = new BatchPipeline(_bundle, _classes, _options, _settings);
        var budget = new ByteBudget(_options.MemoryBudget);
        long doneBefore = plan.DoneCount;
        var sink = new Sink(plan, folder, journal, progress, pipeline, _options.MaxErrors, _logger);
        LogBegin(_logger, plan.Inputs.Count, doneBefore, pipeline.Device.Name);
        progress?.Report(
            new BatchProgress(plan.Inputs.Count, doneBefore, Image: null, Error: null, pipeline.Stages)
            {
                Notes = resumption.Notes,
            }
        );
        long start = Stopwatch.GetTimestamp();

        BatchReport Report(bool isComplete) =>
            new()
            {
                Versions = Versions(),
                Settings = fingerprint.Settings,
                Device = pipeline.Device.Name,
                DeviceReason = pipeline.Device.Reason,
                Backend =
                    $"core {pipeline.Device.Backend}, encoders "
                    + $"{pipeline.Device.Encoders?.ToString().ToLowerInvariant()}",
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
                LeftOut = collection.LeftOut,
                Warnings = pipeline.Warnings,
                ImageWarnings = sink.Warnings,
            };

        try
        {
            // What cannot be looked into belongs to no image, so the first part says it for all.
            foreach (var error in (_options.Shard.Index == 0 ? collection.Errors : []).Concat(plan.Errors))
                sink.Fail(error);
            await pipeline
                .RunAsync([.. plan.Remaining], _formats, budget, sink, cancellationToken)
                .ConfigureAwait(false);
            journal.Flush();
            folder.RequireSame();
            resumption.RequireResults();
            if (_options.Shard.Count == 1)
                Assemble(folder.Folder, plan.Finished);
        }
        catch
        {
            LeaveWord(folder, sink, Report(isComplete: false));
            throw;
        }
        folder.WriteErrors(sink.Errors);
        var report = Report(isComplete: true);
        folder.WriteReport(report);
        LogEnd(_logger, report.Done, report.Failed, report.Seconds);
        return report;
    }

    /// <summary>Writes what is known of a batch that ends early, where that can be written.</summary>
    private void LeaveWord(BatchFolder folder, Sink sink, BatchReport report)
    {
        try
        {
            folder.RequireSame();
            folder.WriteErrors(sink.Errors);
            folder.WriteReport(report);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or LpossException)
        {
            // What ended the batch is what the caller must hear of; it is most likely the same.
            LogNoReport(_logger, error.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "batch of {Inputs} images, {DoneBefore} of them done before, on {Device}")]
    private static partial void LogBegin(ILogger logger, long inputs, long doneBefore, string device);

    [LoggerMessage(LogLevel.Warning, "'{Name}' failed in {Stage}: {Reason}")]
    private static partial void LogFailure(ILogger logger, string name, string stage, string reason);

    [LoggerMessage(LogLevel.Warning, "the report cannot be written: {Reason}")]
    private static partial void LogNoReport(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Information, "batch ended: {Done} done, {Failed} failed, {Seconds} s")]
    private static partial void LogEnd(ILogger logger, long done, long failed, double seconds);

    private void Assemble(string folder, IEnumerable<FinishedImage> finished)
    {
        foreach (var format in _formats.OfType<ICollectionFormat>())
            format.Assemble(folder, finished, _classes);
    }

    private static Dictionary<string, string> Versions() =>
        new()
        {
            ["lposs"] = LpossLibrary.Version,
            ["onnxruntime"] = EncoderRuntime.Version,
            ["libvips"] = Image.DecoderVersion,
            ["dotnet"] = RuntimeInformation.FrameworkDescription,
        };

    /// <summary>Writes results, keeps the journal and counts failures.</summary>
    private sealed class Sink(
        BatchPlan plan,
        BatchFolder folder,
        Journal journal,
        IProgress<BatchProgress>? progress,
        BatchPipeline pipeline,
        int? maxErrors,
        ILogger logger
    ) : IBatchSink
    {
        private const int MostWarnings = 100;

        private readonly Lock _guard = new();
        private readonly List<BatchError> _errors = [];
        private readonly List<string> _warnings = [];
        private readonly long _doneBefore = plan.DoneCount;

        public IReadOnlyCollection<BatchError> Errors
        {
            get
            {
                lock (_guard)
                    return [.. _errors];
            }
        }

        /// <summary>What is to be said of single images, up to a hundred sentences.</summary>
        public IReadOnlyList<string> Warnings
        {
            get
            {
                lock (_guard)
                    return [.. _warnings];
            }
        }

        public void Finish(BatchItem item, IReadOnlyList<ResultFile> results)
        {
            var (name, width, height) = (item.Input.Name, item.Image!.Width, item.Image.Height);
            var outputs = folder.Write(results);
            journal.Append(new JournalEntry(name, width, height, item.Version!, outputs));
            lock (_guard)
            {
                plan.MarkDone(name, width, height);
                _warnings.AddRange(item.Image.Warnings.Take(MostWarnings - _warnings.Count));
                Report(new BatchImage(name, width, height, item.Milliseconds) { Warnings = item.Image.Warnings }, null);
            }
        }

        public void Fail(BatchError failure)
        {
            lock (_guard)
            {
                _errors.Add(failure);
                LogFailure(logger, failure.Name, failure.Stage, failure.Reason);
                Report(null, failure);
                if (_errors.Count > maxErrors)
                    throw new LpossException(
                        LpossErrorCode.BatchFailed,
                        $"{_errors.Count} images failed, and {maxErrors} may; '{folder.ErrorsPath}' names them."
                    )
                    {
                        Argument = nameof(BatchOptions.MaxErrors),
                        Value = maxErrors,
                    };
            }
        }

        private void Report(BatchImage? image, BatchError? error) =>
            progress?.Report(new BatchProgress(plan.Inputs.Count, _doneBefore, image, error, pipeline.Stages));
    }
}
