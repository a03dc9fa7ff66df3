namespace Lposs.Towers;

/// <summary>
/// What takes the place of CLIP's last attention, so that patches keep features of their own. u is the normalised input
/// x of the block; q, k, v are linear in u; s = 1 / sqrt(head width); O is the output projection.
/// </summary>
public enum DenseVariant
{
    /// <summary>y = x + O(v), then the feed-forward part (Zhou et al., 2022); what LPOSS uses.</summary>
    MaskClip,

    /// <summary>y = x + O((softmax(s q q') + softmax(s k k')) v), then the feed-forward part (Wang et al., 2024).</summary>
    Sclip,

    /// <summary>y = O(softmax(s q q') v) alone (Lan et al., 2024).</summary>
    ClearClip,

    /// <summary>y = O(softmax(s k k' + w) v) alone, w a Gaussian of the patches' distance (Hajimiri et al., 2025).</summary>
    NaClip,

    /// <summary>A second stream beside the last six blocks that q, k and v each attend to themselves (Bousselham et al., 2024).</summary>
    Gem,
}
