namespace Lposs.Tools.Formats;

/// <summary>
/// One way to write down a segmented image. The same image and result give the same bytes, always; any number of
/// threads may encode at once.
/// </summary>
public interface IResultFormat
{
    /// <summary>What users call it, such as "labels".</summary>
    string Name { get; }

    /// <summary>What the result must hold beside the labels.</summary>
    ResultNeeds Needs { get; }

    /// <summary>The files that <see cref="Encode"/> makes, so that collisions show before the work.</summary>
    /// <param name="stem">The image's name without extension; may hold folders, with forward slashes.</param>
    IReadOnlyList<string> Paths(string stem);

    /// <summary>The files, those of <see cref="Paths"/> in their order.</summary>
    /// <param name="stem">The image's name without extension.</param>
    /// <param name="inputName">The image's name with extension.</param>
    /// <param name="image">The image.</param>
    /// <param name="result">Its segmentation, with what <see cref="Needs"/> names.</param>
    IReadOnlyList<ResultFile> Encode(string stem, string inputName, Image image, SegmentationResult result);
}

/// <summary>
/// A format with files for a whole collection: <see cref="IResultFormat.Encode"/> writes one fragment per image, and
/// <see cref="Assemble"/> joins them.
/// </summary>
internal interface ICollectionFormat : IResultFormat
{
    /// <summary>
    /// Writes the files of the collection from the fragments, one image after the other, so that memory does not grow
    /// with their number; the same images give the same bytes. May be called again.
    /// </summary>
    /// <param name="folder">The folder of the results, with the fragments in it.</param>
    /// <param name="images">Those that have results, in ordinal order of their names.</param>
    /// <param name="classes">The classes.</param>
    /// <exception cref="IOException">A fragment is missing, or a file cannot be written.</exception>
    void Assemble(string folder, IEnumerable<FinishedImage> images, ClassList classes);
}

/// <summary>What a format needs of a segmentation beside the labels.</summary>
[Flags]
public enum ResultNeeds
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The scores.</summary>
    Scores = 1,

    /// <summary>The confidence.</summary>
    Confidence = 2,
}

/// <summary>A file that a format makes of one segmented image.</summary>
/// <param name="Path">Relative to the folder of the results, with forward slashes.</param>
/// <param name="Contents">The whole file.</param>
public sealed record ResultFile(string Path, ReadOnlyMemory<byte> Contents)
{
    /// <summary>What was written to a stream; it is not copied, so nothing more may be written.</summary>
    internal static ResultFile Of(string path, MemoryStream written) =>
        new(path, written.GetBuffer().AsMemory(0, (int)written.Length));
}

/// <summary>An image whose results are written.</summary>
/// <param name="InputName">The image's name in its collection, with extension.</param>
/// <param name="Stem">The name without extension, by which its results are named.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
internal sealed record FinishedImage(string InputName, string Stem, int Width, int Height);
