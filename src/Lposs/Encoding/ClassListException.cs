namespace Lposs.Encoding;

/// <summary>A mistake in class names, prompts, ids or colours; the message names the class in one sentence.</summary>
public sealed class ClassListException : Exception
{
    /// <param name="message">One sentence.</param>
    public ClassListException(string message)
        : base(message)
    {
    }
}
