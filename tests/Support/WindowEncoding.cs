using Lposs.Bundles;
using Lposs.Encoders;

namespace Lposs.Tests.Support;

/// <summary>Windows in arrays through the encoders of a bundle.</summary>
internal static class WindowEncoding
{
    /// <summary>Features of both encoders, or of the vision-language model alone.</summary>
    /// <param name="encoder">Of the bundle.</param>
    /// <param name="vlm">Windows of the vision-language model, and of both where they share them.</param>
    /// <param name="vm">Windows of the vision model where it has its own.</param>
    /// <param name="vlmPatch">Patch size of the vision-language model.</param>
    /// <param name="vmPatch">Patch size of the vision model; null: it does not run.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static (WindowFeatures Vlm, WindowFeatures? Vm) Encode(
        this ImageEncoder encoder,
        WindowPixels vlm,
        WindowPixels? vm,
        int vlmPatch,
        int? vmPatch,
        CancellationToken cancellationToken = default
    )
    {
        var vlmGrid = GridOf(vlm, vlmPatch);
        var vmGrid = vmPatch is { } patch ? GridOf(vm ?? vlm, patch) : null;
        encoder.Encode(
            EncoderPlacement.Arrays,
            vlm.Tensor,
            vm?.Tensor,
            (vlmGrid, 0),
            vmGrid is null ? null : (vmGrid, 0),
            cancellationToken
        );
        return (new WindowFeatures(vlm.Count, vlmGrid), vmGrid is null ? null : new WindowFeatures(vlm.Count, vmGrid));
    }

    /// <summary>Features of both encoders of a bundle that share windows and patch size.</summary>
    public static (WindowFeatures Vlm, WindowFeatures Vm) Encode(
        this ImageEncoder encoder,
        WindowPixels windows,
        int patch = 16,
        CancellationToken cancellationToken = default
    )
    {
        var (vlm, vm) = encoder.Encode(windows, null, patch, patch, cancellationToken);
        return (vlm, vm!);
    }

    /// <summary>Features of the vision-language model.</summary>
    public static WindowFeatures EncodeVlm(this ImageEncoder encoder, WindowPixels windows, int patch = 16) =>
        encoder.Encode(windows, null, patch, null).Vlm;

    private static PatchGrid GridOf(WindowPixels windows, int patch) =>
        new(EncoderPlacement.Arrays, windows.Count, windows.Height / patch, windows.Width / patch);
}

/// <summary>Windows [count, 3, height, width].</summary>
internal sealed record WindowPixels(float[] Pixels, int Count, int Height, int Width)
{
    public EncoderTensor<float> Tensor => new(Pixels, Count, 3, Height, Width);
}

/// <summary>Features of windows, [windows, grid height, grid width, dimensions].</summary>
internal sealed class WindowFeatures(int windows, PatchGrid grid)
{
    public int Windows => windows;

    public int GridHeight => grid.Height;

    public int GridWidth => grid.Width;

    public int Dimensions => grid.Dimensions;

    public int Patches => windows * grid.Height * grid.Width;

    public ReadOnlyMemory<float> Values => grid.Values.ToArray();
}
