using Lposs.Bundles;
using Lposs.Files;
using Lposs.Pipeline;
using Lposs.Tools.Formats;

namespace Lposs.Tools.Batch;

/// <summary>An image on its way through the stages.</summary>
internal sealed class BatchItem(BatchInput input)
{
    public BatchInput Input => input;

    /// <summary>Its share of the byte budget.</summary>
    public IDisposable? Share { get; set; }

    /// <summary>What was read.</summary>
    public InputVersion? Version { get; set; }

    public Image? Image { get; set; }

    public EncodedImage? Encoded { get; set; }

    public SegmentationResult? Result { get; set; }

    /// <summary>The sum of the stages' times.</summary>
    public double Milliseconds { get; set; }
}

/// <summary>Where the images of a pipeline end; called by several threads.</summary>
internal interface IBatchSink
{
    /// <summary>Writes an image's results and records it as done.</summary>
    void Finish(BatchItem item, IReadOnlyList<ResultFile> results);

    /// <summary>Records an image as failed.</summary>
    /// <exception cref="LpossException">There are too many.</exception>
    void Fail(BatchError failure);
}

/// <summary>Which failures are an image's, so that the batch goes on without it, and which are the batch's.</summary>
internal static class ImageFailure
{
    /// <summary>Whether the batch goes on.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="stage">In which stage.</param>
    public static bool Is(Exception failure, string stage) =>
        failure switch
        {
            OperationCanceledException or DllNotFoundException => false,
            // Devices and encoders serve every image.
            LpossException error => error.Code
                is not (
                    LpossErrorCode.BatchFailed
                    or LpossErrorCode.DeviceUnavailable
                    or LpossErrorCode.DeviceFailed
                    or LpossErrorCode.InvalidBundle
                    or LpossErrorCode.InvalidClasses
                ),
            // A disk that is full takes no image; a name that is too long is one image's.
            IOException or UnauthorizedAccessException => stage != "write" || !AtomicFile.IsOfDisk(failure),
            ArgumentException or OutOfMemoryException => true,
            _ => false,
        };

    /// <summary>One sentence.</summary>
    public static string Reason(Exception failure) =>
        failure is OutOfMemoryException ? "it needs more memory than there is" : failure.Message;
}

/// <summary>What an image takes on its way, reckoned from its size: arrays of this library, not the core's scratch
/// memory.</summary>
internal static class ImageCost
{
    // Until an encoder has run, its dimensions are not known: what ViT-B gives, for both encoders.
    private const int Dimensions = 768;

    /// <summary>Bytes.</summary>
    public static long Of(int width, int height, ModelBundle bundle, SegmentationSettings settings, int classes)
    {
        long pixels = (long)width * height;
        var size = InputImage.SizeFor(width, height, bundle.Image, settings);
        long input = (long)size.Width * size.Height;
        int patch = Math.Min(bundle.Vlm.PatchSize, bundle.Vm.PatchSize);
        // Windows overlap: each pixel is in (crop / stride)^2 of them.
        double overlap = Math.Pow((double)bundle.Image.Crop / bundle.Image.Stride, 2);
        double features = input * overlap / (patch * patch) * 2 * Dimensions * sizeof(float);
        // The image, and its overlay while it is written; labels, and their file.
        long results = pixels * (3 + 3 + sizeof(ushort) + sizeof(ushort));
        if (settings.WithScores)
            results += 2 * pixels * classes * sizeof(float);
        if (settings.WithConfidence)
            results += 2 * pixels * sizeof(float);
        return (long)Math.Min(long.MaxValue / 4, results + 3.0 * input + features);
    }
}
