namespace Lposs.Weights;

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
