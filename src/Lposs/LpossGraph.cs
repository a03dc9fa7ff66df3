using Lposs.Interop;

namespace Lposs;

/// <summary>
/// A normalised graph S = D^-1/2 W D^-1/2 to propagate over (paper, section 3.1); a node without edges has an empty
/// row. Immutable, so any number of contexts of its device may use it at once; it outlives the context that made it.
/// </summary>
public sealed unsafe class LpossGraph : IDisposable
{
    private LpossGraph(GraphHandle handle)
    {
        Handle = handle;
        NativeGraphInfo info;
        NativeMethods.GraphInfoInit(&info);
        NativeStatus.Check(NativeMethods.GraphGetInfo(handle, &info));
        Device = info.Device;
        NodeCount = info.NodeCount;
        EdgeCount = info.EdgeCount;
        Memory = info.Memory;
    }

    /// <summary>Where its memory is.</summary>
    public LpossDevice Device { get; }

    /// <summary>N.</summary>
    public long NodeCount { get; }

    /// <summary>Entries of W off the diagonal, both directions counted.</summary>
    public long EdgeCount { get; }

    /// <summary>Bytes.</summary>
    public long Memory { get; }

    internal GraphHandle Handle { get; }

    /// <summary>
    /// The graph of patches (paper, section 3.2): A_ij = max(&lt;f_i, f_j&gt;, 0)^gamma * exp(-sigma * dist_ij^p) for
    /// the k nearest j of i by inner product of unit features, i itself counted; W = A + A^T with zero diagonal.
    /// </summary>
    /// <param name="context">Where it is made.</param>
    /// <param name="features">[N, D]; need not be unit.</param>
    /// <param name="centres">[N, 2]: (y, x) of each patch in pixels.</param>
    /// <param name="parameters">null for the paper's.</param>
    /// <exception cref="LpossException">As for every call of <see cref="LpossContext"/>.</exception>
    public static LpossGraph FromPatches(
        LpossContext context,
        ReadOnlyTensorView<float> features,
        ReadOnlyTensorView<float> centres,
        PatchGraphParameters? parameters = null
    )
    {
        ArgumentNullException.ThrowIfNull(context);
        var options = NativeParameters.From(parameters ?? new PatchGraphParameters());
        fixed (
            float* featureData = features,
                centreData = centres
        )
            return Own(context.CreateGraph(features.At(featureData), centres.At(centreData), options));
    }

    /// <summary>
    /// The graph of pixels (paper, section 3.3): W_ij = exp(-|dLab| / tau) for the (2 radius + 1)^2 window around i
    /// without i; N = H * W nodes, row by row. It holds half of the weights at most and no index.
    /// </summary>
    /// <param name="context">Where it is made.</param>
    /// <param name="image">[H, W, 3] sRGB, 0 to 255.</param>
    /// <param name="parameters">null for the paper's.</param>
    /// <exception cref="LpossException">As for every call of <see cref="LpossContext"/>.</exception>
    public static LpossGraph FromImage(
        LpossContext context,
        ReadOnlyTensorView<byte> image,
        PixelGraphParameters? parameters = null
    )
    {
        ArgumentNullException.ThrowIfNull(context);
        var options = NativeParameters.From(parameters ?? new PixelGraphParameters());
        fixed (byte* imageData = image)
            return Own(context.CreateGraph(image.At(imageData), options));
    }

    /// <summary>The same of an image with values from 0 to 1.</summary>
    /// <param name="context">Where it is made.</param>
    /// <param name="image">[H, W, 3] sRGB, 0 to 1.</param>
    /// <param name="parameters">null for the paper's.</param>
    /// <exception cref="LpossException">As for every call of <see cref="LpossContext"/>.</exception>
    public static LpossGraph FromImage(
        LpossContext context,
        ReadOnlyTensorView<float> image,
        PixelGraphParameters? parameters = null
    )
    {
        ArgumentNullException.ThrowIfNull(context);
        var options = NativeParameters.From(parameters ?? new PixelGraphParameters());
        fixed (float* imageData = image)
            return Own(context.CreateGraph(image.At(imageData), options));
    }

    /// <summary>
    /// The caller's own W in compressed sparse rows: symmetric in pattern and bits; its diagonal is ignored.
    /// </summary>
    /// <param name="context">Where it is made.</param>
    /// <param name="rowOffsets">[N + 1].</param>
    /// <param name="columns">[E], ascending within a row.</param>
    /// <param name="weights">[E], 0 or more.</param>
    /// <exception cref="LpossException">As for every call of <see cref="LpossContext"/>.</exception>
    public static LpossGraph FromCsr(
        LpossContext context,
        ReadOnlySpan<long> rowOffsets,
        ReadOnlySpan<int> columns,
        ReadOnlySpan<float> weights
    )
    {
        ArgumentNullException.ThrowIfNull(context);
        fixed (long* rowData = rowOffsets)
        fixed (int* columnData = columns)
        fixed (float* weightData = weights)
        {
            return Own(
                context.CreateGraph(
                    TensorElement.View(rowData, NativeMemoryKind.Host, new TensorShape(rowOffsets.Length)),
                    TensorElement.View(columnData, NativeMemoryKind.Host, new TensorShape(columns.Length)),
                    TensorElement.View(weightData, NativeMemoryKind.Host, new TensorShape(weights.Length))
                )
            );
        }
    }

    /// <summary>Frees the graph, once no propagation uses it any more.</summary>
    public void Dispose() => Handle.Dispose();

    private static LpossGraph Own(GraphHandle handle)
    {
        try
        {
            return new LpossGraph(handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }
}
