using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Lposs.Tools.Batch;

/// <summary>
/// One of several parts of a collection, such as a task of a job array does. Which part an image belongs to depends on
/// its name alone, so that parts stay what they are when images come or go.
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

    /// <summary>Reads "2/8" (from 0), or "auto": the part that the environment of a cluster's job names.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="environment">The value of a variable of the environment; null where it is not set.</param>
    /// <exception cref="LpossException">It is neither, or the environment names no part.</exception>
    public static Shard Parse(string text, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(environment);
        if (text == "auto")
            return FromEnvironment(environment);
        string[] parts = text.Split('/');
        if (
            parts.Length == 2
            && IsNumber(parts[0], out int index)
            && IsNumber(parts[1], out int count)
            && count is >= 1 and <= MostShards
            && index < count
        )
            return new Shard(index, count);
        throw LpossException.OutOfRange(
            nameof(Shard),
            $"'{text}'",
            "auto, or a part and a count such as 2/8, with the part from 0 to the count less 1"
        );
    }

    /// <summary>Whether the image of this name belongs to this part.</summary>
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

    private static Shard FromEnvironment(Func<string, string?> environment)
    {
        // Of a Slurm array any task may be the first, so tasks are counted from SLURM_ARRAY_TASK_MIN.
        (string Index, string Count, string? First)[] clusters =
        [
            ("SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN"),
            ("JOB_COMPLETION_INDEX", "LPOSS_SHARD_COUNT", null),
            ("RANK", "WORLD_SIZE", null),
        ];
        foreach (var (indexName, countName, firstName) in clusters)
        {
            if (environment(indexName) is not { Length: > 0 } indexText)
                continue;
            string countText = environment(countName) ?? "";
            string firstText = firstName is null ? "0" : environment(firstName) ?? "0";
            if (
                IsNumber(indexText, out int index)
                && IsNumber(countText, out int count)
                && IsNumber(firstText, out int first)
                && count is >= 1 and <= MostShards
                && index - first >= 0
                && index - first < count
            )
            {
                return new Shard(index - first, count);
            }
            throw NoPart(
                $"the environment has {indexName} '{indexText}' and {countName} '{countText}', which name no part; "
                    + "both must be whole numbers, the tasks without gaps."
            );
        }
        throw NoPart(
            $"the environment has none of {string.Join(", ", clusters.Select(cluster => cluster.Index))}; name the "
                + "part, such as 2/8."
        );
    }

    private static LpossException NoPart(string sentence) =>
        new(LpossErrorCode.InvalidArgument, sentence) { Argument = nameof(Shard), Value = "auto" };

    private static bool IsNumber(string text, out int number) =>
        int.TryParse(
            text,
            System.Globalization.NumberStyles.None,
            System.Globalization.CultureInfo.InvariantCulture,
            out number
        );
}
