using System.Diagnostics;

namespace Lposs.Tools.Batch;

/// <summary>How long the workers of a stage were at work, and on how many images. Thread-safe.</summary>
internal sealed class StageClock(string name, int workers)
{
    private long _busyTicks;
    private long _images;

    /// <summary>The stage.</summary>
    public string Name => name;

    /// <summary>Runs a worker's work on one image.</summary>
    public async Task<T> MeasureAsync<T>(Func<Task<T>> work)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            var result = await work().ConfigureAwait(false);
            Interlocked.Increment(ref _images);
            return result;
        }
        finally
        {
            Interlocked.Add(ref _busyTicks, Stopwatch.GetTimestamp() - start);
        }
    }

    /// <summary>Takes off time that was spent waiting for the batch, and not at work.</summary>
    public void Exclude(long ticks) => Interlocked.Add(ref _busyTicks, -ticks);

    /// <summary>The sums so far.</summary>
    public StageReport Report() =>
        new(
            name,
            workers,
            Interlocked.Read(ref _images),
            Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _busyTicks)).TotalSeconds
        );
}
