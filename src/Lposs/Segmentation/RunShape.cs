using Lposs.Models;

namespace Lposs.Segmentation;

/// <summary>What windows must have in common to go through the encoders in one run.</summary>
/// <param name="Vlm">Of a window, padded to the patches of the vision-language model.</param>
/// <param name="Vm">Of a window, padded to the patches of the vision model.</param>
/// <param name="NeedsVm">Whether the vision model runs too.</param>
internal readonly record struct RunShape(PixelSize Vlm, PixelSize Vm, bool NeedsVm)
{
    public static RunShape Of(Window window, ModelBundle bundle, bool needsVm) =>
        new(Padded(window, bundle.Vlm.PatchSize), Padded(window, bundle.Vm.PatchSize), needsVm);

    private static PixelSize Padded(Window window, int patch) => new(RoundUp(window.Height, patch), RoundUp(window.Width, patch));

    private static int RoundUp(int side, int patch) => (side + patch - 1) / patch * patch;
}
