namespace Lposs;

/// <summary>The sizes of a tensor's 1 to 4 dimensions, outermost first; the tensor is row-major and
/// contiguous.</summary>
public readonly record struct TensorShape
{
    /// <summary>The most dimensions that a tensor has.</summary>
    public const int LargestRank = 4;

    private readonly long _first;
    private readonly long _second;
    private readonly long _third;
    private readonly long _fourth;

    /// <param name="sizes">1 to 4 sizes, 0 or more each, whose product is below 2^63.</param>
    /// <exception cref="ArgumentException">They are not.</exception>
    public TensorShape(params ReadOnlySpan<long> sizes)
    {
        if (sizes.Length is 0 or > LargestRank)
            throw new ArgumentException(
                $"a shape has {sizes.Length} dimensions; it may have 1 to {LargestRank}.",
                nameof(sizes)
            );
        Int128 count = 1;
        foreach (long size in sizes)
        {
            if (size < 0)
                throw new ArgumentException($"a shape is {Describe(sizes)}; no size may be negative.", nameof(sizes));
            // At most (2^63)^2, since a product beyond 2^63 is refused before it is multiplied again.
            count *= size;
            if (count > long.MaxValue)
                throw new ArgumentException(
                    $"a shape is {Describe(sizes)}; that is more elements than there are addresses.",
                    nameof(sizes)
                );
        }
        Rank = sizes.Length;
        Count = (long)count;
        _first = sizes[0];
        _second = sizes.Length > 1 ? sizes[1] : 0;
        _third = sizes.Length > 2 ? sizes[2] : 0;
        _fourth = sizes.Length > 3 ? sizes[3] : 0;
    }

    /// <summary>Number of dimensions; 0 for a tensor that is not given.</summary>
    public int Rank { get; }

    /// <summary>Number of elements.</summary>
    public long Count { get; }

    /// <summary>The size of one dimension.</summary>
    /// <param name="dimension">0 to <see cref="Rank"/> - 1.</param>
    public long this[int dimension]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(dimension);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(dimension, Rank);
            return dimension switch
            {
                0 => _first,
                1 => _second,
                2 => _third,
                _ => _fourth,
            };
        }
    }

    /// <summary>Such as "[448, 597, 21]".</summary>
    public override string ToString()
    {
        Span<long> sizes = [_first, _second, _third, _fourth];
        return Describe(sizes[..Rank]);
    }

    private static string Describe(ReadOnlySpan<long> sizes) => $"[{string.Join(", ", sizes.ToArray())}]";
}
