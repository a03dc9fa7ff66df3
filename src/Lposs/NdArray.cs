namespace Lposs;

/// <summary>An array of any rank: contiguous, row-major (the last index runs fastest).</summary>
/// <typeparam name="T">The type of an element.</typeparam>
public sealed class NdArray<T>
    where T : unmanaged
{
    private readonly int[] _shape;
    private readonly T[] _data;

    /// <summary>Makes an array of data, which is not copied: it belongs to the array from now on.</summary>
    /// <param name="shape">The size of each dimension, 0 or more; empty for a single number.</param>
    /// <param name="data">The elements, as many as the product of <paramref name="shape"/>.</param>
    /// <exception cref="ArgumentException">A size is negative, the product is too large, or the data has another
    /// length.</exception>
    public NdArray(ReadOnlySpan<int> shape, T[] data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (ShapeSize.Of(shape) is not { } size)
            throw new ArgumentException(
                $"shape is {ShapeSize.Text(shape)}; sizes may not be negative and their product {Array.MaxLength} at "
                    + "most.",
                nameof(shape)
            );
        if (data.Length != size)
            throw new ArgumentException(
                $"data holds {data.Length} elements; an array of shape {ShapeSize.Text(shape)} has {size}.",
                nameof(data)
            );
        _shape = shape.ToArray();
        _data = data;
    }

    /// <summary>The size of each dimension.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>How many dimensions there are.</summary>
    public int Rank => _shape.Length;

    /// <summary>How many elements there are.</summary>
    public int Length => _data.Length;

    /// <summary>The elements, row-major.</summary>
    public Memory<T> Data => _data;

    /// <summary>The elements, row-major.</summary>
    public Span<T> Span => _data;
}
