namespace Lposs.Tests.Support;

/// <summary>How far numbers are from those that they should be.</summary>
internal static class RelativeError
{
    /// <summary>|actual - expected| / |expected|, summed in double precision; not a number where one of them
    /// is.</summary>
    public static double Of(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        if (expected.Length != actual.Length)
            throw new ArgumentException($"there are {actual.Length} numbers, and {expected.Length} are expected.");
        double difference = 0,
            norm = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double d = (double)actual[i] - expected[i];
            difference += d * d;
            norm += (double)expected[i] * expected[i];
        }
        return Math.Sqrt(difference / norm);
    }
}
