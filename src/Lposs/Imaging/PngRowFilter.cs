namespace Lposs.Imaging;

/// <summary>The five row filters of PNG, undone in place.</summary>
internal static class PngRowFilter
{
    /// <summary>Turns a stored row into its bytes.</summary>
    /// <param name="filter">0 none, 1 left, 2 up, 3 average, 4 Paeth.</param>
    /// <param name="row">The stored row; then its bytes.</param>
    /// <param name="above">The bytes of the row above; zeros for the first.</param>
    /// <param name="distance">How many bytes the left neighbour is away.</param>
    /// <returns>Whether the filter is known.</returns>
    public static bool Undo(byte filter, Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        if (filter > 4)
            return false;
        if (filter == 0)
            return true;
        for (int i = 0; i < row.Length; i++)
        {
            byte left = i < distance ? (byte)0 : row[i - distance];
            byte aboveLeft = i < distance ? (byte)0 : above[i - distance];
            row[i] += filter switch
            {
                1 => left,
                2 => above[i],
                3 => (byte)((left + above[i]) / 2),
                _ => Paeth(left, above[i], aboveLeft),
            };
        }
        return true;
    }

    // The neighbour that is nearest to left + above - aboveLeft; ties in this order (PNG, section 9.4).
    private static byte Paeth(byte left, byte above, byte aboveLeft)
    {
        int estimate = left + above - aboveLeft;
        int toLeft = Math.Abs(estimate - left),
            toAbove = Math.Abs(estimate - above),
            toCorner = Math.Abs(estimate - aboveLeft);
        if (toLeft <= toAbove && toLeft <= toCorner)
            return left;
        return toAbove <= toCorner ? above : aboveLeft;
    }
}
