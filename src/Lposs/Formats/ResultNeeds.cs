namespace Lposs.Formats;

/// <summary>What a format needs of a segmentation beside the labels.</summary>
[Flags]
public enum ResultNeeds
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The scores.</summary>
    Scores = 1,

    /// <summary>The confidence.</summary>
    Confidence = 2,
}
