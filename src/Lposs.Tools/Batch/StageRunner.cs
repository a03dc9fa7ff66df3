using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace Lposs.Tools.Batch;

/// <summary>Runs workers of stages; an image that fails leaves the line, a failure of the batch ends it.</summary>
internal sealed class StageRunner(IBatchSink sink, CancellationTokenSource stop)
{
    private Exception? _failure;

    /// <summary>A stage, from its first image to the last one.</summary>
    public async Task RunAsync(
        StageClock clock,
        int workers,
        ChannelReader<BatchItem> from,
        ChannelWriter<BatchItem>? to,
        Func<int, BatchItem, Task> work
    )
    {
        await Task.WhenAll(
                Enumerable.Range(0, workers).Select(worker => Task.Run(() => WorkAsync(clock, worker, from, to, work)))
            )
            .ConfigureAwait(false);
        to?.Complete();
    }

    /// <summary>Ends the batch for a reason that is no image's.</summary>
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

    private async Task WorkAsync(
        StageClock clock,
        int worker,
        ChannelReader<BatchItem> from,
        ChannelWriter<BatchItem>? to,
        Func<int, BatchItem, Task> work
    )
    {
        try
        {
            await foreach (var item in from.ReadAllAsync(stop.Token).ConfigureAwait(false))
            {
                var failure = await clock.MeasureAsync(() => TryAsync(clock, worker, item, work)).ConfigureAwait(false);
                if (failure is not null)
                    sink.Fail(new BatchError(item.Input.Name, clock.Name, ImageFailure.Reason(failure)));
                if (failure is not null || to is null)
                    item.Share?.Dispose();
                else
                    await to.WriteAsync(item, stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The batch says why it ended.
        }
        catch (Exception error)
        {
            Stop(error);
        }
    }

    /// <summary>Why the image goes no further; null where it does.</summary>
    private static async Task<Exception?> TryAsync(
        StageClock clock,
        int worker,
        BatchItem item,
        Func<int, BatchItem, Task> work
    )
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            await work(worker, item).ConfigureAwait(false);
            item.Milliseconds += Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            return null;
        }
        catch (Exception error) when (ImageFailure.Is(error, clock.Name))
        {
            return error;
        }
    }
}
