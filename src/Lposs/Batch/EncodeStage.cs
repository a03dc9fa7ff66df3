using System.Threading.Channels;
using Lposs.Models;
using Lposs.Segmentation;

namespace Lposs.Batch;

/// <summary>
/// One worker of the encode stage. Small pictures have fewer windows than a run of the encoders takes, so those that wait
/// already fill it together; more than that is never taken, and none is waited for. A picture that cannot be encoded fails
/// alone.
/// </summary>
internal sealed class EncodeStage(PictureEncoder encoder, SegmentationSettings settings)
{
    /// <summary>The stage.</summary>
    public const string Name = "encode";

    /// <summary>Encodes a picture, and with it some of those that wait.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ModelBundleException">The encoders failed also on a picture alone.</exception>
    public IReadOnlyList<BatchAttempt> Run(BatchItem first, ChannelReader<BatchItem> waiting, CancellationToken cancellation)
    {
        var attempts = new List<BatchAttempt>();
        var prepared = new List<(BatchItem Item, PreparedPicture Picture)>();
        int windows = Prepare(first, prepared, attempts, cancellation);
        // What the first picture leaves of its last run, or all of one where it failed.
        int room = windows == 0 ? encoder.BatchSize : (encoder.BatchSize - windows % encoder.BatchSize) % encoder.BatchSize;
        while (room > 0 && prepared.Count + attempts.Count < encoder.BatchSize && waiting.TryRead(out var next))
            room -= Prepare(next, prepared, attempts, cancellation);

        attempts.AddRange(prepared.Count > 1 && TryTogether(prepared, cancellation)
            ? prepared.Select(picture => new BatchAttempt(picture.Item))
            : prepared.Select(picture => Alone(picture.Item, picture.Picture, cancellation)));
        return attempts;
    }

    /// <summary>Lists a picture as prepared or as failed, and gives the number of its windows, 0 for one that failed.</summary>
    private int Prepare(
        BatchItem item, List<(BatchItem Item, PreparedPicture Picture)> prepared, List<BatchAttempt> attempts, CancellationToken cancellation)
    {
        try
        {
            var picture = encoder.Prepare(item.Picture!, settings, cancellation);
            prepared.Add((item, picture));
            return picture.Windows.Length;
        }
        catch (Exception error) when (PictureFailure.Is(error, Name))
        {
            attempts.Add(new BatchAttempt(item, error));
            return 0;
        }
    }

    /// <summary>Whether all could be encoded together. Where not, whose fault it is shows when each goes alone.</summary>
    private bool TryTogether(List<(BatchItem Item, PreparedPicture Picture)> prepared, CancellationToken cancellation)
    {
        try
        {
            var encoded = encoder.Encode([.. prepared.Select(picture => picture.Picture)], settings, cancellation);
            foreach (var (picture, features) in prepared.Zip(encoded))
                Finish(picture.Item, features);
            return true;
        }
        catch (Exception error) when (error is ModelBundleException || PictureFailure.Is(error, Name))
        {
            return false;
        }
    }

    private BatchAttempt Alone(BatchItem item, PreparedPicture picture, CancellationToken cancellation)
    {
        try
        {
            Finish(item, encoder.Encode([picture], settings, cancellation)[0]);
            return new BatchAttempt(item);
        }
        catch (Exception error) when (PictureFailure.Is(error, Name))
        {
            picture.Input.Dispose();
            return new BatchAttempt(item, error);
        }
    }

    private static void Finish(BatchItem item, EncodedPicture encoded)
    {
        item.Encoded = encoded;
        item.Milliseconds += encoded.Times.Resize + encoded.Times.CutWindows + encoded.Times.ImageEncoders;
    }
}
