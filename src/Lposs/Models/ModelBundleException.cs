namespace Lposs.Models;

/// <summary>A model bundle that cannot be used; the message says in one sentence what is wrong, where, and what would be right.</summary>
public sealed class ModelBundleException : Exception
{
    /// <param name="message">One sentence.</param>
    /// <param name="cause">What it was found by, if anything.</param>
    public ModelBundleException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
