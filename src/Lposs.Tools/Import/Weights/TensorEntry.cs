using System.Collections.Immutable;

namespace Lposs.Tools.Import.Weights;

/// <summary>A tensor of a weights file, as the file's header describes it; row-major.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Type">The file's name for the type of its numbers, such as "F16".</param>
/// <param name="Shape">Its dimensions; none for a single number.</param>
/// <param name="Offset">Where its bytes begin in the file.</param>
/// <param name="Bytes">How many there are.</param>
internal sealed record TensorEntry(string Name, string Type, ImmutableArray<long> Shape, long Offset, long Bytes)
{
    /// <summary>The shape for messages, such as "768 x 512".</summary>
    public string ShapeText => Describe(Shape);

    internal static string Describe(IReadOnlyList<long> shape) =>
        shape.Count == 0 ? "a single number" : string.Join(" x ", shape);
}

/// <summary>
/// Numbers that are read each time they are asked for, so that a model never lies in memory as a whole.
/// </summary>
/// <param name="Count">How many.</param>
/// <param name="Read">Gives them in an array of the caller's own; the files that they are in must be open.</param>
internal sealed record DeferredNumbers(int Count, Func<float[]> Read)
{
    /// <summary>As many numbers, made of these when they are read.</summary>
    public DeferredNumbers Then(Func<float[], float[]> change) => new(Count, () => change(Read()));
}
