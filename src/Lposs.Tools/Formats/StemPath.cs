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
    /// <exception cref="LpossException">The stem would lead out of the folder, or cannot be shown.</exception>
    public static string Of(string folder, string stem, string ending)
    {
        ArgumentException.ThrowIfNullOrEmpty(stem);
        if (!IsRelative(stem) || (stem + "/").StartsWith(Fragments, StringComparison.Ordinal))
            throw new LpossException(
                LpossErrorCode.InvalidArgument,
                $"no results can be named by '{stem}': a name has forward slashes, no backslashes, no control "
                    + $"characters, no part '.' or '..', and does not begin with '{Fragments}'; rename the image."
            );
        return folder + stem + ending;
    }

    /// <summary>Whether a path with forward slashes stays below the folder that it is joined to, on any
    /// system.</summary>
    public static bool IsRelative(string path) => path.Split('/').All(IsName);

    /// <summary>Whether a part of a path is a name, and nothing that leads elsewhere or cannot be shown.</summary>
    public static bool IsName(string part) =>
        part is not ("" or "." or "..") && !part.Contains('\\', StringComparison.Ordinal) && !part.Any(char.IsControl);

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
