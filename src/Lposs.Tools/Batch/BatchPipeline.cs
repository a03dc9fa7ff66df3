using System.Diagnostics;
using System.Threading.Channels;
using Lposs.Bundles;
using Lposs.Encoders;
using Lposs.Files;
using Lposs.Pipeline;
using Lposs.Tools.Formats;

namespace Lposs.Tools.Batch;

/// <summary>
/// decode | encode | core | write, each stage with workers of its own and a short queue before it. An image takes its
/// share of the byte budget before it is decoded and gives it back when it is written, so the queues cannot fill
/// memory. Which worker an image meets, and when, does not change its results. On a GPU each encode worker has a
/// context, with its stream, and encoders on that stream; an image stays on the device and is solved by the context
/// that it was encoded on, while other workers' images are under way on other streams.
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
    private readonly TextEncoder _textEncoder;
    private readonly List<FeatureExtractor> _encoders = [];
    private readonly List<ImageSolver> _solvers = [];

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
            _textEncoder = new TextEncoder(
                bundle,
                Device.EncoderOptions(options.Compute, options.BatchSize),
                options.PromptCache
            );
            for (int i = 0; i < _workers.Solvers; i++)
                _solvers.Add(
                    new ImageSolver(
                        _contexts[isOnDevice ? i % _workers.Encoders : _workers.Encoders + i],
                        bundle,
                        _textEncoder,
                        Device
                    )
                );
            Decode = new StageClock("decode", _workers.Decoders);
            Encode = new StageClock("encode", _workers.Encoders);
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
    public IReadOnlyList<string> Warnings => ImageSolver.Warnings(_bundle, _classes, _textEncoder);

    private StageClock Decode { get; }

    private StageClock Encode { get; }

    private StageClock Core { get; }

    private StageClock Write { get; }

    /// <summary>Runs images through all stages.</summary>
    /// <param name="inputs">The images; taken in their order, finished in any.</param>
    /// <param name="formats">How to write the results down.</param>
    /// <param name="budget">What the images under way may take.</param>
    /// <param name="sink">Writes results, and hears of failures.</param>
    /// <param name="cancellationToken">Stops the batch: no further image is begun, and those under way are
    /// dropped.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task RunAsync(
        IEnumerable<BatchInput> inputs,
        IReadOnlyList<IResultFormat> formats,
        ByteBudget budget,
        IBatchSink sink,
        CancellationToken cancellationToken
    )
    {
        // Errors in the classes come to light before the long work.
        _textEncoder.Encode(_classes, cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var queue = new StageRunner(sink, stop);
        var named = Channel.CreateBounded<BatchItem>(_workers.Decoders);
        var decoded = Channel.CreateBounded<BatchItem>(QueuePerWorker * _workers.Encoders);
        var encoded = Channel.CreateBounded<BatchItem>(QueuePerWorker * _workers.Solvers);
        var solved = Channel.CreateBounded<BatchItem>(QueuePerWorker * _workers.Writers);

        var stages = new List<Task> { FeedAsync(inputs, named.Writer, queue, stop.Token) };
        stages.Add(
            queue.RunAsync(
                Decode,
                _workers.Decoders,
                named.Reader,
                decoded.Writer,
                (_, item) => ReadAsync(item, budget, stop.Token)
            )
        );
        stages.Add(
            queue.RunAsync(
                Encode,
                _workers.Encoders,
                decoded.Reader,
                encoded.Writer,
                (worker, item) =>
                {
                    item.Encoded = _encoders[worker].Encode(item.Image!, _settings, stop.Token);
                    return Task.CompletedTask;
                }
            )
        );
        stages.Add(
            queue.RunAsync(
                Core,
                _workers.Solvers,
                encoded.Reader,
                solved.Writer,
                (worker, item) =>
                {
                    using var encoded = item.Encoded!;
                    item.Encoded = null;
                    item.Result = _solvers[worker].Solve(encoded, _classes, _settings, stop.Token);
                    return Task.CompletedTask;
                }
            )
        );
        stages.Add(
            queue.RunAsync(
                Write,
                _workers.Writers,
                solved.Reader,
                null,
                (_, item) =>
                {
                    ResultFile[] files =
                    [
                        .. formats.SelectMany(format =>
                            format.Encode(item.Input.Stem, item.Input.Name, item.Image!, item.Result!)
                        ),
                    ];
                    sink.Finish(item, files);
                    return Task.CompletedTask;
                }
            )
        );
        await Task.WhenAll(stages).ConfigureAwait(false);
        queue.ThrowIfStopped();
        cancellationToken.ThrowIfCancellationRequested();
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

    /// <summary>Encoders of a worker: on a device its own, on its context's stream; in arrays all share one, which
    /// serves any number of threads.</summary>
    private void AddEncoders(LpossContext context, bool isOnDevice)
    {
        if (isOnDevice || _imageEncoders.Count == 0)
        {
            _imageEncoders.Add(
                new ImageEncoder(_bundle, Device.EncoderOptions(_options.Compute, _options.BatchSize, context.Stream))
            );
        }
        _encoders.Add(
            new FeatureExtractor(
                context,
                _bundle,
                _imageEncoders[^1],
                Device.PlacementBeside(context, _options.Compute)
            )
        );
    }

    private static async Task FeedAsync(
        IEnumerable<BatchInput> inputs,
        ChannelWriter<BatchItem> to,
        StageRunner queue,
        CancellationToken stop
    )
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
        var modified = FileStatus.Of(item.Input.Path).Modified;
        byte[] contents = item.Input.Read(_options.MostFileBytes);
        item.Version = InputVersion.Of(modified, contents);
        var (width, height) = Image.Measure(contents, item.Input.Name, _options.Images);
        long start = Stopwatch.GetTimestamp();
        item.Share = await budget
            .TakeAsync(contents.Length + ImageCost.Of(width, height, _bundle, _settings, _classes.Classes.Length), stop)
            .ConfigureAwait(false);
        Decode.Exclude(Stopwatch.GetTimestamp() - start);
        item.Image = Image.Decode(contents, item.Input.Name, _options.Images);
    }
}
