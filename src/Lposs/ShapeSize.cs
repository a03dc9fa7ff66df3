namespace Lposs;

/// <summary>Shapes, checked before they are multiplied.</summary>
internal static class ShapeSize
{
    /// <summary>The product of the sizes; null if one is negative or one .NET array could not hold that many, whatever
    /// other size is zero.</summary>
    public static int? Of(ReadOnlySpan<int> shape)
    {
        long product = 1;
        bool empty = false;
        foreach (int size in shape)
        {
            if (size < 0)
                return null;
            if (size == 0)
                empty = true;
            else if ((product *= size) > Array.MaxLength)
                return null;
        }
        return empty ? 0 : (int)product;
    }

    /// <summary>A shape as NumPy prints it, such as "(2, 3)".</summary>
    public static string Text(ReadOnlySpan<int> shape) =>
        shape.Length == 1 ? $"({shape[0]},)" : $"({string.Join(", ", shape.ToArray())})";
}
