namespace Lposs.Towers;

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
    /// the grid; as it is where the grid is the table's own. DINO, plain DINOv2, and the methods that took it from there.
    /// </summary>
    ByOffsetFactor,

    /// <summary>To the grid's size, smoothed when it shrinks; kernel a = -0.5, weights outside dropped. open_clip, GEM, DINOv2 with registers.</summary>
    Smoothed,
}
