namespace Lposs.Weights;

/// <summary>Weights that cannot be used; the message says in one sentence which file and tensor, what is wrong, and what would be right.</summary>
public sealed class WeightsException : Exception
{
    /// <param name="message">One sentence.</param>
    /// <param name="cause">What it was found by, if anything.</param>
    public WeightsException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
