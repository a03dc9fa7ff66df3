using System.IO.Compression;

namespace Lposs.Tools.Formats;

/// <summary>Files named by an image's stem.</summary>
internal static class StemPath
{
    /// <summary>Where the parts of collection files lie, in the folder of the results.</summary>
    public const string Fragments = ".lposs/";

    /// <summary>A file in a folder below that of the results.</summary>
    /// <param name="folder">Empty, or a folder that ends with a slash.</param>
    /// <param name="stem">The image's name without extension.</param>
    /// <param name="ending">What follows the stem.</param>
    /// <exception cref="ArgumentException">The stem would lead out of the folder.</exception>
    public static string Of(string folder, string stem, string ending)
    {
        ArgumentException.ThrowIfNullOrEmpty(stem);
        if (
            Path.IsPathRooted(stem)
            || stem.Contains('\\', StringComparison.Ordinal)
            || stem.Split('/').Any(part => part is "" or "." or "..")
        )
            throw new ArgumentException(
                $"stem is '{stem}'; it must be a relative name with forward slashes, without '.' and '..'.",
                nameof(stem)
            );
        return folder + stem + ending;
    }

    /// <summary>The file of a finished image on the disk.</summary>
    public static string In(string root, string path) =>
        Path.Combine(root, path.Replace('/', Path.DirectorySeparatorChar));
}

/// <summary>Zip archives whose bytes depend on nothing but their contents.</summary>
internal static class FixedZip
{
    // The first moment that a zip can name.
    private static readonly DateTimeOffset s_epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Begins a member; the one before must be closed.</summary>
    public static Stream Add(ZipArchive zip, string name, CompressionLevel compression)
    {
        var entry = zip.CreateEntry(name, compression);
        entry.LastWriteTime = s_epoch;
        return entry.Open();
    }
}
