namespace Lposs.Import;

/// <summary>Published files cannot become a bundle; the message is one sentence that says why.</summary>
public sealed class ImportException : Exception
{
    /// <param name="message">The sentence.</param>
    public ImportException(string message)
        : base(message)
    {
    }

    /// <param name="message">The sentence.</param>
    /// <param name="inner">What was thrown first.</param>
    public ImportException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
