namespace Lposs.Tools.Batch;

/// <summary>
/// Bytes that the images under way may take together. Who asks first is served first, so that a large image is not
/// passed by small ones for ever; one that is larger than the whole budget runs when nothing else does. Thread-safe.
/// </summary>
internal sealed class ByteBudget
{
    private readonly Lock _guard = new();
    private readonly Queue<(long Bytes, TaskCompletionSource<Share> Waiting)> _queue = new();
    private long _taken;

    /// <param name="total">Bytes, 1 or more.</param>
    public ByteBudget(long total)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(total);
        Total = total;
    }

    /// <summary>All bytes.</summary>
    public long Total { get; }

    /// <summary>The most bytes that were taken at a time; above <see cref="Total"/> only by an image alone.</summary>
    public long Peak { get; private set; }

    /// <summary>Takes bytes, when there are as many; dispose the share to give them back.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled before.</exception>
    public async Task<IDisposable> TakeAsync(long bytes, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        var waiting = new TaskCompletionSource<Share>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_guard)
        {
            _queue.Enqueue((bytes, waiting));
            Serve();
        }
        await using var registration = cancellationToken
            .Register(() => waiting.TrySetCanceled(cancellationToken))
            .ConfigureAwait(false);
        return await waiting.Task.ConfigureAwait(false);
    }

    private void GiveBack(long bytes)
    {
        lock (_guard)
        {
            _taken -= bytes;
            Serve();
        }
    }

    private void Serve()
    {
        while (_queue.TryPeek(out var next) && (_taken == 0 || next.Bytes <= Total - _taken))
        {
            _queue.Dequeue();
            // One that was cancelled while it waited takes nothing.
            if (!next.Waiting.TrySetResult(new Share(this, next.Bytes)))
                continue;
            _taken += next.Bytes;
            Peak = Math.Max(Peak, _taken);
        }
    }

    private sealed class Share(ByteBudget budget, long bytes) : IDisposable
    {
        private int _isGivenBack;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isGivenBack, 1) == 0)
                budget.GiveBack(bytes);
        }
    }
}
