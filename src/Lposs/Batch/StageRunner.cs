using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace Lposs.Batch;

/// <summary>Runs workers of stages; a picture that fails leaves the line, a failure of the run ends it.</summary>
internal sealed class StageRunner(IBatchSink sink, CancellationTokenSource stop)
{
    private Exception? _failure;

    /// <summary>A stage that works on one picture at a time.</summary>
    public Task RunAsync(
        StageClock clock, int workers, ChannelReader<BatchItem> from, ChannelWriter<BatchItem>? to, Func<int, BatchItem, Task> work) =>
        RunAsync(clock, workers, from, to, async (worker, item) => [await TryAsync(clock, worker, item, work).ConfigureAwait(false)]);

    /// <summary>A stage whose workers may take further pictures to the one that they get.</summary>
    public Task RunTogetherAsync(
        StageClock clock, int workers, ChannelReader<BatchItem> from, ChannelWriter<BatchItem>? to,
        Func<int, BatchItem, IReadOnlyList<BatchAttempt>> work) =>
        RunAsync(clock, workers, from, to, (worker, item) => Task.FromResult(work(worker, item)));

    /// <summary>Ends the run for a reason that is no picture's.</summary>
    public void Stop(Exception failure)
    {
        Interlocked.CompareExchange(ref _failure, failure, null);
        stop.Cancel();
    }

    public void ThrowIfStopped()
    {
        if (_failure is not null)
            ExceptionDispatchInfo.Throw(_failure);
    }

    private async Task RunAsync(
        StageClock clock, int workers, ChannelReader<BatchItem> from, ChannelWriter<BatchItem>? to,
        Func<int, BatchItem, Task<IReadOnlyList<BatchAttempt>>> work)
    {
        await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(() => WorkAsync(clock, worker, from, to, work)))).ConfigureAwait(false);
        to?.Complete();
    }

    private async Task WorkAsync(
        StageClock clock, int worker, ChannelReader<BatchItem> from, ChannelWriter<BatchItem>? to,
        Func<int, BatchItem, Task<IReadOnlyList<BatchAttempt>>> work)
    {
        try
        {
            await foreach (var item in from.ReadAllAsync(stop.Token).ConfigureAwait(false))
            {
                foreach (var attempt in await clock.MeasureAsync(() => work(worker, item)).ConfigureAwait(false))
                {
                    if (attempt.Failure is { } failure)
                        sink.Fail(new BatchError(attempt.Item.Input.Name, clock.Name, PictureFailure.Reason(failure)));
                    if (attempt.Failure is not null || to is null)
                        attempt.Item.Share?.Dispose();
                    else
                        await to.WriteAsync(attempt.Item, stop.Token).ConfigureAwait(false);
                }
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

    private static async Task<BatchAttempt> TryAsync(StageClock clock, int worker, BatchItem item, Func<int, BatchItem, Task> work)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            await work(worker, item).ConfigureAwait(false);
            item.Milliseconds += Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            return new BatchAttempt(item);
        }
        catch (Exception error) when (PictureFailure.Is(error, clock.Name))
        {
            return new BatchAttempt(item, error);
        }
    }
}
