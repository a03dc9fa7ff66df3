namespace Lposs;

/// <summary>How samples become the 256 levels that encoders know, where they are not that already.</summary>
/// <remarks>Photographs with 16 bits use all of them, so their upper 8 bits are right. Cameras with 12 bits, satellites
/// and microscopes do not: their images would come out nearly black. And numbers with a sign or a fraction have no
/// range of their own.</remarks>
public sealed record SampleScale
{
    private SampleScale() { }

    /// <summary>The upper 8 of 16 bits; samples of other kinds are refused.</summary>
    public static SampleScale None { get; } = new();

    /// <summary>Each image from its own dark end to its own bright end: 0.5 % of its samples lie below, and 0.5 %
    /// above. All channels are scaled alike, samples without data do not count, and images with 8 bits stay as they
    /// are.</summary>
    public static SampleScale Auto { get; } = new() { IsAuto = true };

    /// <summary>From a value that becomes black to one that becomes white, for images of any kind of samples, 8 bits
    /// among them.</summary>
    /// <param name="minimum">Becomes 0, as all below.</param>
    /// <param name="maximum">Becomes 255, as all above; larger than <paramref name="minimum"/>.</param>
    /// <exception cref="ArgumentException">The values are not finite, or the second is not larger.</exception>
    public static SampleScale Between(double minimum, double maximum)
    {
        if (!double.IsFinite(minimum) || !double.IsFinite(maximum) || minimum >= maximum)
            throw new ArgumentException(
                FormattableString.Invariant($"the scale is {minimum} to {maximum}; the second must be larger.")
            );
        return new SampleScale { Range = new SampleRange(minimum, maximum) };
    }

    /// <summary>Whether each image has a range of its own.</summary>
    public bool IsAuto { get; private init; }

    /// <summary>The range that was given; null where none was.</summary>
    internal SampleRange? Range { get; private init; }

    /// <summary>"none", "auto", or the two values.</summary>
    public override string ToString() =>
        IsAuto ? "auto"
        : Range is { } range ? FormattableString.Invariant($"{range.Minimum},{range.Maximum}")
        : "none";
}

/// <summary>Samples from black to white.</summary>
internal readonly record struct SampleRange(double Minimum, double Maximum);
