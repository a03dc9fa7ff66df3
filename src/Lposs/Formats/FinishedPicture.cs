namespace Lposs.Formats;

/// <summary>A picture whose results are written.</summary>
/// <param name="InputName">The picture's name in its collection, with extension.</param>
/// <param name="Stem">The name without extension, by which its results are named.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
public sealed record FinishedPicture(string InputName, string Stem, int Width, int Height);
