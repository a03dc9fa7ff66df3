namespace Lposs.Tools.Import.Exporter;

/// <summary>What a model was trained with between the two layers of its feed-forward part; weights do not tell
/// it.</summary>
public enum Activation
{
    /// <summary>x * Phi(x), exactly, by the error function.</summary>
    Gelu,

    /// <summary>x * sigmoid(1.702 x), of OpenAI's CLIP and those trained after it.</summary>
    QuickGelu,
}

/// <summary>
/// What takes the place of CLIP's last attention, so that patches keep features of their own. u is the normalised input
/// x of the block; q, k, v are linear in u; s = 1 / sqrt(head width); O is the output projection.
/// </summary>
public enum DenseVariant
{
    /// <summary>y = x + O(v), then the feed-forward part (Zhou et al., 2022); what LPOSS uses.</summary>
    MaskClip,

    /// <summary>y = x + O((softmax(s q q') + softmax(s k k')) v), then the feed-forward part (Wang et al.,
    /// 2024).</summary>
    Sclip,

    /// <summary>y = O(softmax(s q q') v) alone (Lan et al., 2024).</summary>
    ClearClip,

    /// <summary>y = O(softmax(s k k' + w) v) alone, w a Gaussian of the patches' distance (Hajimiri et al.,
    /// 2025).</summary>
    NaClip,

    /// <summary>A second stream beside the last six blocks that q, k and v each attend to themselves (Bousselham et
    /// al., 2024).</summary>
    Gem,
}

/// <summary>Which part of the last attention's input DINO's patches are compared by.</summary>
public enum DinoFeature
{
    /// <summary>Queries.</summary>
    Query,

    /// <summary>Keys.</summary>
    Key,

    /// <summary>Values; what LPOSS uses.</summary>
    Value,
}

/// <summary>The numbers that an exported encoder holds and computes with; its inputs and outputs are float32 in
/// either.</summary>
public enum Precision
{
    /// <summary>float32: the weights as they were published, or exactly what float16 ones stand for.</summary>
    F32,

    /// <summary>float16: half the size, and faster on GPUs; a processor computes in float32 from the rounded
    /// weights.</summary>
    F16,
}

/// <summary>
/// How a table of position embeddings is brought to another grid. All are bicubic with half-pixel centres; they differ
/// in the kernel and in where they sample, and each model and method has its own.
/// </summary>
internal enum PositionResize
{
    /// <summary>To the grid's size; kernel a = -0.75, clamped at the edges. MaskCLIP as LPOSS has it.</summary>
    ToSize,

    /// <summary>
    /// By the factor (g + 0.1) / side, which is what samples are placed by, so that the table is not quite spread over
    /// the grid; as it is where the grid is the table's own. DINO, plain DINOv2, and the methods that took it from
    /// there.
    /// </summary>
    ByOffsetFactor,

    /// <summary>To the grid's size, smoothed when it shrinks; kernel a = -0.5, weights outside dropped. open_clip, GEM,
    /// DINOv2 with registers.</summary>
    Smoothed,
}
