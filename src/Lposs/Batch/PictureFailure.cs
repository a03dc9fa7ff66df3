using Lposs.Encoding;
using Lposs.Imaging;
using Lposs.Models;

namespace Lposs.Batch;

/// <summary>Which failures are a picture's, so that the run goes on without it, and which are the run's.</summary>
internal static class PictureFailure
{
    /// <summary>Whether the run goes on.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="stage">Where.</param>
    public static bool Is(Exception failure, string stage) => failure switch
    {
        OperationCanceledException or BatchException => false,
        // Devices and encoders serve every picture; a disk that is full takes none.
        EncoderDeviceException or LpossDeviceException or ModelBundleException or DllNotFoundException or ClassListException => false,
        IOException or UnauthorizedAccessException => stage != "write",
        ImageFormatException or LpossException or ArgumentException or OutOfMemoryException => true,
        _ => false,
    };

    /// <summary>One sentence.</summary>
    public static string Reason(Exception failure) =>
        failure is OutOfMemoryException ? "it needs more memory than there is" : failure.Message;
}
