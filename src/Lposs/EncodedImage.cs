using Lposs.Encoders;
using Lposs.Pipeline;

namespace Lposs;

/// <summary>
/// An image and what a segmenter's image encoders say of it: enough to segment it again with other classes, modes
/// and parameters without running them once more. Where the encoders run on a GPU, it lies there, in memory of the
/// segmenter that made it and until it is disposed; what is asked for through its properties is copied from there each
/// time. Immutable.
/// </summary>
public sealed class EncodedImage : IDisposable
{
    private readonly InputImage _input;
    private readonly Window[] _windows;
    private readonly EncoderTensor<float> _vlm;
    private readonly EncoderTensor<float>? _vm;

    /// <param name="image">At its own size.</param>
    /// <param name="input">At the encoders' size; owned from now on, as the features are.</param>
    /// <param name="windows">One or more, all of one size.</param>
    /// <param name="patchSize">Of both features' grid.</param>
    /// <param name="vlm">[N, Dv].</param>
    /// <param name="vm">[N, Dm], or null.</param>
    internal EncodedImage(
        Image image,
        InputImage input,
        Window[] windows,
        int patchSize,
        EncoderTensor<float> vlm,
        EncoderTensor<float>? vm
    )
    {
        Image = image;
        PatchSize = patchSize;
        _input = input;
        _windows = windows;
        _vlm = vlm;
        _vm = vm;
    }

    /// <summary>The image at its own size.</summary>
    public Image Image { get; }

    /// <summary>The image as the encoders saw it.</summary>
    public Image ModelInput => _input.ToImage();

    /// <summary>Where the encoders looked, in pixels of <see cref="ModelInput"/>.</summary>
    public ReadOnlySpan<Window> Windows => _windows;

    /// <summary>Side of a patch of both features' grid, in pixels of <see cref="ModelInput"/>.</summary>
    public int PatchSize { get; }

    /// <summary>[N, Dv]: patch features in the space of the text, window after window, row by row.</summary>
    public FeatureMatrix Vlm => MatrixOf(_vlm);

    /// <summary>[N, Dm]: patch features of the vision model; null where the mode did not need them.</summary>
    public FeatureMatrix? Vm => _vm is null ? null : MatrixOf(_vm);

    /// <summary>Milliseconds that it took.</summary>
    public EncodingTimes Times { get; internal init; } = new(0, 0, 0);

    /// <summary>The context whose device it lies on; null where it lies in arrays.</summary>
    internal LpossContext? Context { get; init; }

    internal bool HasVm => _vm is not null;

    internal int VlmDimensions => (int)_vlm.Shape[1];

    internal ReadOnlyTensorView<byte> InputView => _input.View;

    internal ReadOnlyTensorView<float> VlmView => _vlm.View;

    internal ReadOnlyTensorView<float> VmView => _vm!.View;

    /// <summary>Frees what lies on a GPU; one in arrays needs no disposal.</summary>
    public void Dispose()
    {
        _input.Dispose();
        _vlm.Dispose();
        _vm?.Dispose();
    }

    private static FeatureMatrix MatrixOf(EncoderTensor<float> features) =>
        new((int)features.Shape[0], (int)features.Shape[1], features.ToArray());
}

/// <summary>A vector for every patch.</summary>
/// <param name="Patches">N.</param>
/// <param name="Dimensions">D.</param>
/// <param name="Values">[N, D], row-major.</param>
public sealed record FeatureMatrix(int Patches, int Dimensions, ReadOnlyMemory<float> Values);

/// <summary>Milliseconds before the core.</summary>
/// <param name="Resize">The image to the encoders' size.</param>
/// <param name="CutWindows">Windows, normalised for the encoders.</param>
/// <param name="ImageEncoders">The image encoders.</param>
public sealed record EncodingTimes(double Resize, double CutWindows, double ImageEncoders);
