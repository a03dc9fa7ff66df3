using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Lposs.Batch;

/// <summary>
/// One of several parts of a collection, such as a task of a job array does. Which part a picture belongs to depends on
/// its name alone, so that parts stay what they are when pictures come or go.
/// </summary>
public sealed record Shard
{
    /// <summary>The most parts.</summary>
    public const int MostShards = 100_000;

    /// <param name="index">From 0.</param>
    /// <param name="count">1 to <see cref="MostShards"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public Shard(int index, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostShards);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
        Index = index;
        Count = count;
    }

    /// <summary>The whole collection.</summary>
    public static Shard Whole { get; } = new(0, 1);

    /// <summary>Which part, from 0.</summary>
    public int Index { get; }

    /// <summary>How many parts there are.</summary>
    public int Count { get; }

    /// <summary>Whether the picture of this name belongs to this part.</summary>
    /// <param name="name">As in <see cref="BatchInput.Name"/>.</param>
    public bool Contains(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Count == 1)
            return true;
        // A hash that is the same on every machine; the first eight bytes are even enough for any count.
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash) % (ulong)Count == (ulong)Index;
    }
}
