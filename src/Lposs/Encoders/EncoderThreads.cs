using System.Runtime.ExceptionServices;

namespace Lposs.Encoders;

/// <summary>
/// Runs of an encoder on the processor. Each run takes one window or text and one thread, and as many runs as there are
/// threads go side by side. So what an encoder says of a window depends on nothing but the window: not on its
/// neighbours, the number of threads or the batch size. It is also faster than one run on all threads.
/// </summary>
internal static class EncoderThreads
{
    /// <summary>How many runs go side by side.</summary>
    public static int Of(EncoderOptions options) =>
        options.Threads == 0 ? System.Environment.ProcessorCount : options.Threads;

    /// <summary>Calls <paramref name="run"/> for 0 to <paramref name="count"/> - 1; what the first failed one throws is
    /// thrown.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; looked at between runs.</exception>
    public static void ForEach(int count, int threads, Action<int> run, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (count == 1)
        {
            run(0);
            return;
        }
        try
        {
            Parallel.For(
                0,
                count,
                new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken },
                run
            );
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
    }
}
