namespace Lposs;

/// <summary>
/// What the core needs to segment one image. N patches of all windows together, P prompts, H x W the image that
/// the encoders saw. What is left at its default is not given.
/// </summary>
public readonly ref struct SegmentInputs
{
    /// <summary>Nothing given yet; patches of 16 pixels.</summary>
    public SegmentInputs() { }

    /// <summary>Side of a patch of the grid that both features lie on, in pixels, 1 to 256.</summary>
    public int PatchSize { get; init; } = 16;

    /// <summary>
    /// [H, W, 3] sRGB, 0 to 255. May be left out in modes other than LPOSS+ where the outputs have the size that the
    /// windows span.
    /// </summary>
    public ReadOnlyTensorView<byte> Image { get; init; }

    /// <summary>Where the encoders looked; together they cover the image.</summary>
    public ReadOnlySpan<Window> Windows { get; init; }

    /// <summary>[N, Dv]: patch features in the space of the text, window after window, row by row; need not be
    /// unit.</summary>
    public ReadOnlyTensorView<float> Vlm { get; init; }

    /// <summary>[N, Dm]: patch features of the vision model; left out in mode
    /// <see cref="SegmentationMode.Vlm"/>.</summary>
    public ReadOnlyTensorView<float> Vm { get; init; }

    /// <summary>[P, Dv]: prompt embeddings, unit rows.</summary>
    public ReadOnlyTensorView<float> Text { get; init; }

    /// <summary>[P]: the class of each prompt, 0 to C - 1, every class at least once; left out: prompt p is class
    /// p.</summary>
    public ReadOnlySpan<int> PromptClasses { get; init; }
}

/// <summary>
/// What the core needs to refine anyone's scores or labels: the image [H, W, 3], and one of scores and labels, both
/// in host memory. Of another size than the image, their scores are resized to it.
/// </summary>
public readonly ref struct RefineInputs
{
    /// <summary>Nothing given yet; labels to ignore are 255.</summary>
    public RefineInputs() { }

    /// <summary>[H, W, 3] sRGB, 0 to 255.</summary>
    public ReadOnlyTensorView<byte> Image { get; init; }

    /// <summary>[h, w, C].</summary>
    public ReadOnlyTensorView<float> Scores { get; init; }

    /// <summary>[h, w]: 0 to C - 1, or <see cref="Ignore"/>.</summary>
    public ReadOnlyTensorView<ushort> Labels { get; init; }

    /// <summary>C, with labels.</summary>
    public int Classes { get; init; }

    /// <summary>With labels: a pixel of this label says nothing and takes what its neighbours say.</summary>
    public int Ignore { get; init; } = 255;
}

/// <summary>What the core is to write; labels or scores must be given. All that are given have the same H' and
/// W'.</summary>
public readonly ref struct SegmentOutputs
{
    /// <summary>[H', W'] bytes, unsigned shorts or ints: the class with the largest score, ties to the lower.</summary>
    public LabelTensorView Labels { get; init; }

    /// <summary>[H', W']: largest score minus second largest; 0 for one class.</summary>
    public TensorView<float> Confidence { get; init; }

    /// <summary>[H', W', C]: the scores themselves, on no absolute scale.</summary>
    public TensorView<float> Scores { get; init; }
}
