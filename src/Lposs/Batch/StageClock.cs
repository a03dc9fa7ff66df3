using System.Diagnostics;

namespace Lposs.Batch;

/// <summary>How long the workers of a stage were at work, and on how many pictures. Thread-safe.</summary>
internal sealed class StageClock(string name, int workers)
{
    private long _busyTicks;
    private long _pictures;

    /// <summary>The stage.</summary>
    public string Name => name;

    /// <summary>Runs the stage's work on one picture.</summary>
    public async Task MeasureAsync(Func<Task> work)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            await work().ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Add(ref _busyTicks, Stopwatch.GetTimestamp() - start);
            Interlocked.Increment(ref _pictures);
        }
    }

    /// <summary>Takes off time that was spent waiting for the run, and not at work.</summary>
    public void Exclude(long ticks) => Interlocked.Add(ref _busyTicks, -ticks);

    /// <summary>The sums so far.</summary>
    public StageReport Report() => new(
        name, workers, Interlocked.Read(ref _pictures), Stopwatch.GetElapsedTime(0, Interlocked.Read(ref _busyTicks)).TotalSeconds);
}
