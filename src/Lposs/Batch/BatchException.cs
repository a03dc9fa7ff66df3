namespace Lposs.Batch;

/// <summary>A run that cannot begin or go on; the message says in one sentence why, and what would help.</summary>
public sealed class BatchException : Exception
{
    /// <param name="message">One sentence.</param>
    /// <param name="cause">What it was found by, if anything.</param>
    public BatchException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
