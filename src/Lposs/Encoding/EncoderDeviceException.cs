namespace Lposs.Encoding;

/// <summary>The device that encoders were asked to run on cannot be used; the message says what is missing.</summary>
public sealed class EncoderDeviceException : Exception
{
    /// <param name="message">One sentence.</param>
    /// <param name="cause">What it was found by, if anything.</param>
    public EncoderDeviceException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
