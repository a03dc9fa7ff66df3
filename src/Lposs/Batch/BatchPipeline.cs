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
    private readonly List<PictureEncoder> _encoders = [];
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
            var encoderOptions = new EncoderOptions
            {
                Device = device.Encoders!.Value,
                DeviceIndex = options.Compute.DeviceIndex,
                Threads = options.Compute.Threads,
                BatchSize = options.BatchSize,
            };
            _imageEncoder = new ImageEncoder(bundle, encoderOptions);
            _textEncoder = new TextEncoder(bundle, encoderOptions);
            for (int i = 1; i < _workers.Encoders + _workers.Solvers; i++)
                AddContext(options.Compute with { Threads = 1 });
            _encoders.AddRange(_contexts.Take(_workers.Encoders)
                .Select(context => new PictureEncoder(context, bundle, _imageEncoder, options.BatchSize)));
            _solvers.AddRange(_contexts.Skip(_workers.Encoders)
                .Select(context => new PictureSolver(context, bundle, _textEncoder, device)));
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
        var named = Channel.CreateBounded<Item>(_workers.Decoders);
        var decoded = Channel.CreateBounded<Item>(QueuePerWorker * _workers.Encoders);
        var encoded = Channel.CreateBounded<Item>(QueuePerWorker * _workers.Solvers);
        var solved = Channel.CreateBounded<Item>(QueuePerWorker * _workers.Writers);

        var stages = new List<Task> { FeedAsync(inputs, named.Writer, queue, stop.Token) };
        stages.Add(queue.RunAsync(Decode, _workers.Decoders, named.Reader, decoded.Writer, (_, item) => ReadAsync(item, budget, stop.Token)));
        stages.Add(queue.RunAsync(Encode, _workers.Encoders, decoded.Reader, encoded.Writer, (worker, item) =>
        {
            item.Encoded = _encoders[worker].Encode(item.Picture!, _settings, stop.Token);
            return Task.CompletedTask;
        }));
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

    private static async Task FeedAsync(IEnumerable<BatchInput> inputs, ChannelWriter<Item> to, StageRunner queue, CancellationToken stop)
    {
        try
        {
            foreach (var input in inputs)
                await to.WriteAsync(new Item(input), stop).ConfigureAwait(false);
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

    private async Task ReadAsync(Item item, ByteBudget budget, CancellationToken stop)
    {
        byte[] contents = item.Input.Read(_options.MostFileBytes);
        var (width, height) = ImageFile.Measure(contents, item.Input.Name, _options.Pictures);
        long start = Stopwatch.GetTimestamp();
        item.Share = await budget.TakeAsync(
            contents.Length + PictureCost.Of(width, height, _bundle, _settings, _classes.Classes.Length), stop).ConfigureAwait(false);
        Decode.Exclude(Stopwatch.GetTimestamp() - start);
        item.Picture = ImageFile.Decode(contents, item.Input.Name, _options.Pictures);
    }

    /// <summary>A picture on its way.</summary>
    internal sealed class Item(BatchInput input)
    {
        public BatchInput Input => input;

        public IDisposable? Share { get; set; }

        public RgbImage? Picture { get; set; }

        public EncodedPicture? Encoded { get; set; }

        public SegmentationResult? Result { get; set; }

        public double Milliseconds { get; set; }
    }

    /// <summary>Runs workers of stages; a picture that fails leaves the line, a failure of the run ends it.</summary>
    private sealed class StageRunner(IBatchSink sink, CancellationTokenSource stop)
    {
        private Exception? _failure;

        public async Task RunAsync(
            StageClock clock, int workers, ChannelReader<Item> from, ChannelWriter<Item>? to, Func<int, Item, Task> work)
        {
            await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(() => WorkAsync(clock, worker, from, to, work)))).ConfigureAwait(false);
            to?.Complete();
        }

        /// <summary>Ends the run for a reason that is no picture's.</summary>
        public void Stop(Exception failure)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
            stop.Cancel();
        }

        public void ThrowIfStopped()
        {
            if (_failure is not null)
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
        }

        private async Task WorkAsync(StageClock clock, int worker, ChannelReader<Item> from, ChannelWriter<Item>? to, Func<int, Item, Task> work)
        {
            try
            {
                await foreach (var item in from.ReadAllAsync(stop.Token).ConfigureAwait(false))
                {
                    if (!await TryAsync(clock, worker, item, work).ConfigureAwait(false) || to is null)
                        item.Share?.Dispose();
                    else
                        await to.WriteAsync(item, stop.Token).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException)
            {
                // The run says why it ended.
            }
            catch (Exception error)
            {
                Stop(error);
            }
        }

        private async Task<bool> TryAsync(StageClock clock, int worker, Item item, Func<int, Item, Task> work)
        {
            long start = Stopwatch.GetTimestamp();
            try
            {
                await clock.MeasureAsync(() => work(worker, item)).ConfigureAwait(false);
                item.Milliseconds += Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                return true;
            }
            catch (Exception error) when (PictureFailure.Is(error, clock.Name))
            {
                sink.Fail(new BatchError(item.Input.Name, clock.Name, PictureFailure.Reason(error)));
                return false;
            }
        }
    }
}
