namespace Lposs.Encoding;

/// <summary>
/// What an image encoder says of every patch: [windows, grid height, grid width, dimensions] float32, row-major, so
/// also [N, dimensions] with N patches of all windows together, window after window, row by row. The vectors need
/// not be unit.
/// </summary>
public sealed class PatchFeatures
{
    internal PatchFeatures(int windows, int gridHeight, int gridWidth, int dimensions, float[] values)
    {
        Windows = windows;
        GridHeight = gridHeight;
        GridWidth = gridWidth;
        Dimensions = dimensions;
        Values = values;
    }

    /// <summary>Number of windows.</summary>
    public int Windows { get; }

    /// <summary>Rows of patches in a window.</summary>
    public int GridHeight { get; }

    /// <summary>Columns of patches in a window.</summary>
    public int GridWidth { get; }

    /// <summary>Length of a patch's vector.</summary>
    public int Dimensions { get; }

    /// <summary>Patches of all windows together.</summary>
    public int Patches => Windows * GridHeight * GridWidth;

    /// <summary>The values.</summary>
    public ReadOnlyMemory<float> Values { get; }
}

/// <summary>Both encoders' features of the same windows.</summary>
/// <param name="Vlm">Of the vision-language model.</param>
/// <param name="Vm">Of the vision model.</param>
public sealed record EncodedWindows(PatchFeatures Vlm, PatchFeatures Vm)
{
    /// <summary>
    /// Whether both lie on one grid of patches. Where they do not, because the models' patch sizes differ, each
    /// window's vision-language features are resized to the vision model's grid before the two are used together.
    /// </summary>
    public bool SameGrid => Vlm.GridHeight == Vm.GridHeight && Vlm.GridWidth == Vm.GridWidth;
}
