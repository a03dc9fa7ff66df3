using Lposs.Imaging;
using Lposs.Segmentation;

namespace Lposs.Batch;

/// <summary>A picture on its way through the stages.</summary>
internal sealed class BatchItem(BatchInput input)
{
    public BatchInput Input => input;

    /// <summary>Its share of the byte budget.</summary>
    public IDisposable? Share { get; set; }

    public RgbImage? Picture { get; set; }

    public EncodedPicture? Encoded { get; set; }

    public SegmentationResult? Result { get; set; }

    /// <summary>The sum of the stages' times.</summary>
    public double Milliseconds { get; set; }
}

/// <summary>What became of a picture in a stage.</summary>
/// <param name="Item">The picture.</param>
/// <param name="Failure">Why it goes no further; null where it does.</param>
internal sealed record BatchAttempt(BatchItem Item, Exception? Failure = null);
