namespace Lposs.Imaging;

/// <summary>Sizes of images, checked before they are multiplied.</summary>
internal static class PixelCount
{
    /// <summary>width x height.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1, or there are more than
    /// <paramref name="maximum"/> pixels.</exception>
    public static int Checked(int width, int height, int maximum)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (width > maximum / height)
            throw new ArgumentOutOfRangeException(
                nameof(width),
                $"{width} x {height} pixels are too many; {maximum} are the most."
            );
        return width * height;
    }
}
