using Lposs.Imaging;

namespace Lposs.Segmentation;

/// <summary>
/// A picture and what a segmenter's image encoders say of it: enough to segment it again with other classes, modes
/// and parameters without running them once more. Immutable.
/// </summary>
public sealed class EncodedPicture
{
    private readonly Window[] _windows;

    internal EncodedPicture(
        RgbImage picture, RgbImage modelInput, Window[] windows, int patchSize, FeatureMatrix vlm, FeatureMatrix? vm,
        EncodingTimes times)
    {
        Picture = picture;
        ModelInput = modelInput;
        _windows = windows;
        PatchSize = patchSize;
        Vlm = vlm;
        Vm = vm;
        Times = times;
    }

    /// <summary>The picture at its own size.</summary>
    public RgbImage Picture { get; }

    /// <summary>The picture as the encoders saw it.</summary>
    public RgbImage ModelInput { get; }

    /// <summary>Where the encoders looked, in pixels of <see cref="ModelInput"/>.</summary>
    public ReadOnlySpan<Window> Windows => _windows;

    /// <summary>Side of a patch of both features' grid, in pixels of <see cref="ModelInput"/>.</summary>
    public int PatchSize { get; }

    /// <summary>[N, Dv]: patch features in the space of the text, window after window, row by row.</summary>
    public FeatureMatrix Vlm { get; }

    /// <summary>[N, Dm]: patch features of the vision model; null where the mode did not need them.</summary>
    public FeatureMatrix? Vm { get; }

    /// <summary>Milliseconds that it took.</summary>
    public EncodingTimes Times { get; }
}

/// <summary>A vector for every patch.</summary>
/// <param name="Patches">N.</param>
/// <param name="Dimensions">D.</param>
/// <param name="Values">[N, D], row-major.</param>
public sealed record FeatureMatrix(int Patches, int Dimensions, ReadOnlyMemory<float> Values)
{
    internal ReadOnlyTensorView<float> View() => new(Values.Span, Patches, Dimensions);
}

/// <summary>Milliseconds before the core.</summary>
/// <param name="Resize">The picture to the encoders' size.</param>
/// <param name="CutWindows">Windows, normalised for the encoders.</param>
/// <param name="ImageEncoders">The image encoders.</param>
public sealed record EncodingTimes(double Resize, double CutWindows, double ImageEncoders);
