namespace Lposs;

/// <summary>An element type that .npy files may have here.</summary>
/// <param name="Descr">As NumPy writes it, such as "&lt;f4".</param>
/// <param name="Name">NumPy's name, such as "float32".</param>
/// <param name="Type">The .NET type.</param>
/// <param name="Size">Bytes per element.</param>
internal sealed record NpyElement(string Descr, string Name, Type Type, int Size)
{
    public static readonly NpyElement[] All =
    [
        new("<f4", "float32", typeof(float), 4),
        new("<f8", "float64", typeof(double), 8),
        new("<f2", "float16", typeof(Half), 2),
        new("|u1", "uint8", typeof(byte), 1),
        new("<u2", "uint16", typeof(ushort), 2),
        new("<i4", "int32", typeof(int), 4),
        new("<i8", "int64", typeof(long), 8),
    ];

    /// <summary>The element type of a .NET type.</summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    public static NpyElement Of<T>() =>
        Array.Find(All, element => element.Type == typeof(T))
        ?? throw new NotSupportedException(
            $"T is {typeof(T).Name}; a .npy file can hold float, double, Half, byte, ushort, int or long here."
        );
}
