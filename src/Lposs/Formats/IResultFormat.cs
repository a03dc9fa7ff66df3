using Lposs.Imaging;
using Lposs.Segmentation;

namespace Lposs.Formats;

/// <summary>
/// One way to write down a segmented picture. The same picture and result give the same bytes, always; any number of
/// threads may encode at once.
/// </summary>
public interface IResultFormat
{
    /// <summary>What users call it, such as "labels".</summary>
    string Name { get; }

    /// <summary>What the result must hold beside the labels.</summary>
    ResultNeeds Needs { get; }

    /// <summary>The files that <see cref="Encode"/> makes, so that collisions show before the work.</summary>
    /// <param name="stem">The picture's name without extension; may hold folders, with forward slashes.</param>
    IReadOnlyList<string> Paths(string stem);

    /// <summary>The files, those of <see cref="Paths"/> in their order.</summary>
    /// <param name="stem">The picture's name without extension.</param>
    /// <param name="inputName">The picture's name with extension.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="result">Its segmentation, with what <see cref="Needs"/> names.</param>
    IReadOnlyList<ResultFile> Encode(string stem, string inputName, RgbImage picture, SegmentationResult result);
}
