namespace Lposs.Arrays;

/// <summary>A .npy file could not be read. The message is one sentence, fit for the command line, that names the file,
/// what it is and what would be right.</summary>
/// <param name="message">The sentence.</param>
/// <param name="innerException">What failed beneath, if anything.</param>
public sealed class NpyFormatException(string message, Exception? innerException = null)
    : IOException(message, innerException);
