using System.Diagnostics;
using System.Threading.Channels;
using Lposs.Encoding;
using Lposs.Formats;
using Lposs.Imaging;
using Lposs.Models;
using Lposs.Segmentation;

namespace Lposs.Batch;

/// <summary>
/// decode | encode | core | write, each stage with workers of its own and a short queue before it. A picture takes its
/// share of the byte budget before it is decoded and gives it back when it is written, so the queues cannot fill memory.
/// Which worker a picture meets, and when, does not change its results.
/// </summary>
internal sealed class BatchPipeline : IDisposable
{
    private const int QueuePerWorker = 2;

    private readonly ModelBundle _bundle;
    private readonly ClassList _classes;
    private readonly BatchOptions _options;
    private readonly SegmentationSettings _settings;
    private readonly BatchWorkers _workers;
    private readonly ImageEncoder _imageEncoder;
    private readonly TextEncoder _textEncoder;
    private readonly List<LpossContext> _contexts = [];
    private readonly SharedRuns _sharing;
    private readonly List<EncodeStage> _encoders = [];
    private readonly List<PictureSolver> _solvers = [];

    public BatchPipeline(ModelBundle bundle, ClassList classes, BatchOptions options, SegmentationSettings settings)
    {
        _bundle = bundle;
        _classes = classes;
        _options = options;
        _settings = settings;
        _workers = BatchWorkers.For(options);
        try
        {
            // The first context says what can be computed on; the others follow it.
            var device = AddContext(options.Compute with { Threads = 1 });
            Device = device;
            _imageEncoder = new ImageEncoder(bundle, device.EncoderOptions(options.Compute, options.BatchSize));
            _textEncoder = new TextEncoder(bundle, device.EncoderOptions(options.Compute, options.BatchSize));
            for (int i = 1; i < _workers.Encoders + _workers.Solvers; i++)
                AddContext(options.Compute with { Threads = 1 });
            _sharing = new SharedRuns(_imageEncoder);
            _encoders.AddRange(_contexts.Take(_workers.Encoders)
                .Select(context => new EncodeStage(new PictureEncoder(context, bundle, _imageEncoder, EncoderPlacement.Arrays, options.BatchSize, _sharing), settings)));
            _solvers.AddRange(_contexts.Skip(_workers.Encoders)
                .Select(context => new PictureSolver(context, bundle, _textEncoder, device)));
            Decode = new StageClock("decode", _workers.Decoders);
            Encode = new StageClock(EncodeStage.Name, _workers.Encoders);
            Core = new StageClock("core", _workers.Solvers);
            Write = new StageClock("write", _workers.Writers);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What is really computed on.</summary>
    public ComputeDevice Device { get; }

    /// <summary>The stages.</summary>
    public IReadOnlyList<StageReport> Stages => [Decode.Report(), Encode.Report(), Core.Report(), Write.Report()];

    /// <summary>Sentences that a user should read.</summary>
    public IReadOnlyList<string> Warnings =>
    [
        .. PictureSolver.Warnings(_bundle, _classes, _textEncoder.Encode(_classes)),
        .. !_sharing.WereRefused ? Array.Empty<string>() :
        [
            $"the model {_bundle.Name} gives a window other features when others are encoded with it, so that each picture was encoded "
            + "alone, and its results are those of every run; small pictures take longer so.",
        ],
    ];

    private StageClock Decode { get; }

    private StageClock Encode { get; }

    private StageClock Core { get; }

    private StageClock Write { get; }

    /// <summary>Runs pictures through all stages.</summary>
    /// <param name="inputs">The pictures; taken in their order, finished in any.</param>
    /// <param name="formats">How to write the results down.</param>
    /// <param name="budget">What the pictures under way may take.</param>
    /// <param name="sink">Writes results, and hears of failures.</param>
    /// <param name="cancellation">Stops the run: no further picture is begun, and those under way are dropped.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task RunAsync(
        IEnumerable<BatchInput> inputs, IReadOnlyList<IResultFormat> formats, ByteBudget budget, IBatchSink sink, CancellationToken cancellation)
    {
        // Mistakes in the classes come to light before the long work.
        _textEncoder.Encode(_classes, cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var queue = new StageRunner(sink, stop);
        var named = Channel.CreateBounded<BatchItem>(_workers.Decoders);
        // Pictures of one window each can fill a run while they wait, and all leave it at once.
        int together = Math.Max(QueuePerWorker, _options.BatchSize) * _workers.Encoders;
        var decoded = Channel.CreateBounded<BatchItem>(together);
        var encoded = Channel.CreateBounded<BatchItem>(QueuePerWorker * _workers.Solvers + together);
        var solved = Channel.CreateBounded<BatchItem>(QueuePerWorker * _workers.Writers);

        var stages = new List<Task> { FeedAsync(inputs, named.Writer, queue, stop.Token) };
        stages.Add(queue.RunAsync(Decode, _workers.Decoders, named.Reader, decoded.Writer, (_, item) => ReadAsync(item, budget, stop.Token)));
        stages.Add(queue.RunTogetherAsync(
            Encode, _workers.Encoders, decoded.Reader, encoded.Writer,
            (worker, item) => _encoders[worker].Run(item, decoded.Reader, stop.Token)));
        stages.Add(queue.RunAsync(Core, _workers.Solvers, encoded.Reader, solved.Writer, (worker, item) =>
        {
            item.Result = _solvers[worker].Solve(item.Encoded!, _classes, _settings, stop.Token);
            item.Encoded = null;
            return Task.CompletedTask;
        }));
        stages.Add(queue.RunAsync(Write, _workers.Writers, solved.Reader, null, (_, item) =>
        {
            ResultFile[] files = [.. formats.SelectMany(format => format.Encode(item.Input.Stem, item.Input.Name, item.Picture!, item.Result!))];
            sink.Finish(item.Input, item.Picture!.Width, item.Picture.Height, files, item.Milliseconds);
            return Task.CompletedTask;
        }));
        await Task.WhenAll(stages).ConfigureAwait(false);
        queue.ThrowIfStopped();
        cancellation.ThrowIfCancellationRequested();
    }

    public void Dispose()
    {
        _imageEncoder?.Dispose();
        _textEncoder?.Dispose();
        foreach (var context in _contexts)
            context.Dispose();
    }

    private ComputeDevice AddContext(ComputeOptions compute)
    {
        var (context, device) = ComputeDevice.Open(compute, withEncoders: true);
        _contexts.Add(context);
        return device;
    }

    private static async Task FeedAsync(IEnumerable<BatchInput> inputs, ChannelWriter<BatchItem> to, StageRunner queue, CancellationToken stop)
    {
        try
        {
            foreach (var input in inputs)
                await to.WriteAsync(new BatchItem(input), stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The stages end by the same token.
        }
        catch (Exception error)
        {
            queue.Stop(error);
        }
        finally
        {
            to.Complete();
        }
    }

    private async Task ReadAsync(BatchItem item, ByteBudget budget, CancellationToken stop)
    {
        byte[] contents = item.Input.Read(_options.MostFileBytes);
        var (width, height) = ImageFile.Measure(contents, item.Input.Name, _options.Pictures);
        long start = Stopwatch.GetTimestamp();
        item.Share = await budget.TakeAsync(
            contents.Length + PictureCost.Of(width, height, _bundle, _settings, _classes.Classes.Length), stop).ConfigureAwait(false);
        Decode.Exclude(Stopwatch.GetTimestamp() - start);
        item.Picture = ImageFile.Decode(contents, item.Input.Name, _options.Pictures);
    }
}
