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

    private const string DeclaredCount = "LPOSS_SHARD_COUNT";

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
        (string Index, string Count)[] clusters =
        [
            ("SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT"),
            ("JOB_COMPLETION_INDEX", DeclaredCount),
            ("RANK", "WORLD_SIZE"),
        ];
        foreach (var (indexName, countName) in clusters)
        {
            if (environment(indexName) is not { Length: > 0 } indexText)
                continue;
            // Who declares the whole count may start any of its tasks alone.
            bool isDeclared = environment(DeclaredCount) is { Length: > 0 };
            string name = isDeclared ? DeclaredCount : countName;
            string countText = environment(name) ?? "";
            if (
                !IsNumber(indexText, out int index)
                || !IsNumber(countText, out int count)
                || count is < 1 or > MostShards
            )
                throw NoPart(
                    $"the environment has {indexName} '{indexText}' and {name} '{countText}', which name no part; "
                        + "both must be whole numbers."
                );
            if (indexName == clusters[0].Index && !isDeclared)
                index = IndexInArray(index, count, environment);
            return index < count
                ? new Shard(index, count)
                : throw NoPart(
                    $"the environment has {indexName} '{indexText}' and {name} '{countText}', which name no part; "
                        + "parts count from 0 to the count less 1."
                );
        }
        throw NoPart(
            $"the environment has none of {string.Join(", ", clusters.Select(cluster => cluster.Index))}; name the "
                + "part, such as 2/8."
        );
    }

    /// <summary>
    /// The place of a task in a Slurm array that is whole: tasks from 0 or 1, without gaps but for one step. Of any
    /// other array, a single task that was submitted again among them, nobody can tell what its tasks are parts of.
    /// </summary>
    private static int IndexInArray(int task, int count, Func<string, string?> environment)
    {
        string Text(string name) => environment("SLURM_ARRAY_TASK_" + name) ?? "";
        int step = IsNumber(Text("STEP"), out int given) && given > 0 ? given : 1;
        if (
            IsNumber(Text("MIN"), out int first)
            && IsNumber(Text("MAX"), out int last)
            && first is 0 or 1
            && task >= first
            && last - first == (long)step * (count - 1)
        )
            return (task - first) / step;
        throw NoPart(
            $"the environment has task {task} of an array of {count} tasks from '{Text("MIN")}' to '{Text("MAX")}'; "
                + "with gaps, or from another than 0 or 1, nobody can tell which part of the collection it is. Set "
                + $"{DeclaredCount} to the number of all parts, with tasks that count from 0, or name the part, such "
                + "as 2/8."
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
