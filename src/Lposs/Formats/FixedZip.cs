using System.IO.Compression;

namespace Lposs.Formats;

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
