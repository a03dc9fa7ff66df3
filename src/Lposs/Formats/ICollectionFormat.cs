using Lposs.Encoding;

namespace Lposs.Formats;

/// <summary>
/// A format with files for a whole collection: <see cref="IResultFormat.Encode"/> writes one fragment per picture, and
/// <see cref="Assemble"/> joins them.
/// </summary>
public interface ICollectionFormat : IResultFormat
{
    /// <summary>
    /// Writes the files of the collection from the fragments, one picture after the other, so that memory does not grow
    /// with their number; the same pictures give the same bytes. May be called again.
    /// </summary>
    /// <param name="folder">The folder of the results, with the fragments in it.</param>
    /// <param name="pictures">Those that have results, in ordinal order of their names.</param>
    /// <param name="classes">The classes.</param>
    /// <exception cref="IOException">A fragment is missing, or a file cannot be written.</exception>
    void Assemble(string folder, IEnumerable<FinishedPicture> pictures, ClassList classes);
}
