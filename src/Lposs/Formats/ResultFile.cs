namespace Lposs.Formats;

/// <summary>A file that a format makes of one segmented picture.</summary>
/// <param name="Path">Relative to the folder of the results, with forward slashes.</param>
/// <param name="Contents">The whole file.</param>
public sealed record ResultFile(string Path, ReadOnlyMemory<byte> Contents);
