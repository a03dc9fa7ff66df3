using System.Diagnostics;

namespace Lposs.Batch;

/// <summary>How long the workers of a stage were at work, and on how many pictures. Thread-safe.</summary>
internal sealed class StageClock(string name, int workers)
{
    private long _busyTicks;
    private long _pictures;

    /// <summary>The stage.</summary>
    public string Name => name;

    /// <summary>Runs a worker's work on one picture, or on several together.</summary>
    public async Task<IReadOnlyList<BatchAttempt>> MeasureAsync(Func<Task<IReadOnlyList<BatchAttempt>>> work)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            var attempts = await work().ConfigureAwait(false);
            Interlocked.Add(ref _pictures, attempts.Count);
            return attempts;
        }
        finally
        {
            Interlocked.Add(ref _busyTicks, Stopwatch.GetTimestamp() - start);
        }
    }

    /// <summary>Takes off time that was spent waiting for the run, and not at work.</summary>
    public void Exclude(long ticks) => Interlocked.Add(ref _busyTicks, -ticks);

    /// <summary>The sums so far.</summary>
    public StageReport Report() => new(
        name, workers, Interlocked.Read(ref _pictures), Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _busyTicks)).TotalSeconds);
}
