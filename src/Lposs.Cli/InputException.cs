namespace Lposs.Cli;

/// <summary>A file that the user named cannot be used; the message names it and says why in one sentence.</summary>
/// <param name="message">The sentence.</param>
/// <param name="cause">What it was found by, if anything.</param>
internal sealed class InputException(string message, Exception? cause = null) : Exception(message, cause);
