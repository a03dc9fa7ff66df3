using System.Runtime.InteropServices;
using Lposs.Interop;

namespace Lposs;

/// <summary>A window of an image that an encoder looks at, in pixels; the ends are exclusive.</summary>
/// <param name="Top">First row.</param>
/// <param name="Bottom">The row after the last.</param>
/// <param name="Left">First column.</param>
/// <param name="Right">The column after the last.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Window(int Top, int Bottom, int Left, int Right)
{
    /// <summary>Rows.</summary>
    public int Height => Bottom - Top;

    /// <summary>Columns.</summary>
    public int Width => Right - Left;
}

/// <summary>Sliding windows and the patches in them (paper, section 4.1).</summary>
public static unsafe class Windows
{
    /// <summary>
    /// Windows over an image, row by row. The last of a row or column is pushed back inside; an image smaller than
    /// the crop gives windows of its own size.
    /// </summary>
    /// <param name="height">Of the image, in pixels, 1 or more.</param>
    /// <param name="width">Of the image.</param>
    /// <param name="crop">Side of a window, 1 or more.</param>
    /// <param name="stride">From one window to the next, 1 or more.</param>
    /// <exception cref="LpossException">A number is out of range, or there would be too many windows.</exception>
    public static Window[] Create(int height, int width, int crop, int stride)
    {
        LpossLibrary.Require();
        long count;
        NativeStatus.Check(NativeMethods.WindowCount(height, width, crop, stride, &count));
        if (count > Array.MaxLength)
            throw new LpossException(
                LpossErrorCode.InvalidArgument,
                $"stride is {stride}; it gives {count} windows of {height} x {width} pixels, more than an array holds."
            );
        var windows = new Window[count];
        fixed (Window* data = windows)
        {
            NativeTensor view = View(data, windows.Length);
            NativeStatus.Check(NativeMethods.Windows(height, width, crop, stride, &view));
        }
        return windows;
    }

    /// <summary>N, the patches of all windows together: ceil(height / patch) * ceil(width / patch) of each.</summary>
    /// <param name="windows">The windows.</param>
    /// <param name="patchSize">Side of a patch in pixels, 1 to 256.</param>
    /// <exception cref="LpossException">A window is empty, or the patch size is out of range.</exception>
    public static long CountPatches(ReadOnlySpan<Window> windows, int patchSize)
    {
        LpossLibrary.Require();
        long count;
        fixed (Window* data = windows)
        {
            NativeTensor view = View(data, windows.Length);
            NativeStatus.Check(NativeMethods.PatchCount(&view, patchSize, &count));
        }
        return count;
    }

    /// <summary>
    /// The centres of all patches, [N, 2]: (y, x) = window origin + floor(patch / 2) + patch * index, in pixels.
    /// </summary>
    /// <param name="windows">The windows.</param>
    /// <param name="patchSize">Side of a patch in pixels, 1 to 256.</param>
    /// <exception cref="LpossException">A window is empty, or the patch size is out of range.</exception>
    public static float[] PatchCentres(ReadOnlySpan<Window> windows, int patchSize)
    {
        long count = CountPatches(windows, patchSize);
        if (count > Array.MaxLength / 2)
            throw new LpossException(
                LpossErrorCode.InvalidArgument,
                $"windows hold {count} patches, more than an array has room for."
            );
        float[] centres = new float[2 * count];
        fixed (Window* data = windows)
        fixed (float* centreData = centres)
        {
            NativeTensor view = View(data, windows.Length);
            NativeTensor centreView = TensorElement.View(centreData, NativeMemoryKind.Host, new TensorShape(count, 2));
            NativeStatus.Check(NativeMethods.PatchCentres(&view, patchSize, &centreView));
        }
        return centres;
    }

    /// <summary>Windows as the library takes them: [count, 4] int32, the members in their order.</summary>
    internal static NativeTensor View(Window* windows, int count) =>
        TensorElement.View((int*)windows, NativeMemoryKind.Host, new TensorShape(count, 4));
}
