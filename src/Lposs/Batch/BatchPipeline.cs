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
/// Which worker a picture meets, and when, does not change its results. On a GPU each encode worker has a context, with its
/// stream, and encoders on that stream; a picture stays on the device and is solved by the context that it was encoded on,
/// while other workers' pictures are under way on other streams.
/// </summary>
internal sealed class BatchPipeline : IDisposable
{
    private const int QueuePerWorker = 2;

    private readonly ModelBundle _bundle;
    private readonly ClassList _classes;
    private readonly BatchOptions _options;
    private readonly SegmentationSettings _settings;
    private readonly BatchWorkers _workers;
    private readonly List<LpossContext> _contexts = [];
    private readonly List<ImageEncoder> _imageEncoders = [];
    private readonly List<SharedRuns> _sharing = [];
    private readonly TextEncoder _textEncoder;
    private readonly List<EncodeStage> _encoders = [];
    private readonly List<PictureSolver> _solvers = [];

    public BatchPipeline(ModelBundle bundle, ClassList classes, BatchOptions options, SegmentationSettings settings)
    {
        _bundle = bundle;
        _classes = classes;
        _options = options;
        _settings = settings;
        try
        {
            // The first context says what can be computed on; the others follow it.
            Device = AddContext(options.Compute with { Threads = 1 });
            bool isOnDevice = Device.Encoders == EncoderDevice.Cuda;
            _workers = BatchWorkers.For(options, isOnDevice);
            while (_contexts.Count < _workers.Encoders + (isOnDevice ? 0 : _workers.Solvers))
                AddContext(options.Compute with { Threads = 1 });
            for (int i = 0; i < _workers.Encoders; i++)
                AddEncoders(_contexts[i], isOnDevice);
            _textEncoder = new TextEncoder(bundle, Device.EncoderOptions(options.Compute, options.BatchSize));
            for (int i = 0; i < _workers.Solvers; i++)
                _solvers.Add(new PictureSolver(_contexts[isOnDevice ? i % _workers.Encoders : _workers.Encoders + i], bundle, _textEncoder, Device));
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
        .. !_sharing.Any(sharing => sharing.WereRefused) ? Array.Empty<string>() :
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
            using var encoded = item.Encoded!;
            item.Encoded = null;
            item.Result = _solvers[worker].Solve(encoded, _classes, _settings, stop.Token);
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
        foreach (var encoder in _imageEncoders)
            encoder.Dispose();
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

    /// <summary>Encoders of a worker: on a device its own, on its context's stream; in arrays all share one, which serves any number of threads.</summary>
    private void AddEncoders(LpossContext context, bool isOnDevice)
    {
        if (isOnDevice || _imageEncoders.Count == 0)
        {
            var encoder = new ImageEncoder(_bundle, Device.EncoderOptions(_options.Compute, _options.BatchSize, context.Stream));
            _imageEncoders.Add(encoder);
            _sharing.Add(new SharedRuns(encoder));
        }
        _encoders.Add(new EncodeStage(
            new PictureEncoder(context, _bundle, _imageEncoders[^1], Device.PlacementBeside(context, _options.Compute), _options.BatchSize, _sharing[^1]),
            _settings));
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
