namespace Lposs.Downloads;

/// <summary>A model that cannot be fetched; the message says in one sentence what is wrong, where, and what would be right.</summary>
public sealed class DownloadException : Exception
{
    /// <param name="message">One sentence.</param>
    /// <param name="cause">What it was found by, if anything.</param>
    public DownloadException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
