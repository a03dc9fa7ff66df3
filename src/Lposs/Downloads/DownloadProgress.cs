namespace Lposs.Downloads;

/// <summary>How far a file is.</summary>
/// <param name="File">Its name.</param>
/// <param name="Bytes">What is there, of earlier runs too.</param>
/// <param name="Total">Its size; null while nobody has said it.</param>
/// <param name="BytesPerSecond">Since this try began.</param>
public sealed record DownloadProgress(string File, long Bytes, long? Total, double BytesPerSecond)
{
    /// <summary>The time left at that rate; null where it cannot be known.</summary>
    public TimeSpan? Remaining => Total is { } total && BytesPerSecond > 0
        ? TimeSpan.FromSeconds(Math.Min((total - Bytes) / BytesPerSecond, TimeSpan.FromDays(99).TotalSeconds))
        : null;
}
