namespace Lposs.Cli.Files;

/// <summary>Shapes of arrays in messages.</summary>
internal static class Shapes
{
    /// <summary>Such as "[448, 597, 3]".</summary>
    public static string Text(ReadOnlySpan<int> shape) => $"[{string.Join(", ", shape.ToArray())}]";
}
