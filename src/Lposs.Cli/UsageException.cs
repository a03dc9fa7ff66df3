namespace Lposs.Cli;

/// <summary>The command line cannot be meant like this; the message says why in one sentence.</summary>
/// <param name="message">The sentence.</param>
internal sealed class UsageException(string message) : Exception(message);
