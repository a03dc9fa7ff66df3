using Lposs.Files;

namespace Lposs.Tools.Datasets;

/// <summary>An image of a data set.</summary>
/// <param name="Name">Its name in the data set, without ending; may hold folders.</param>
/// <param name="Image">The file of the image.</param>
/// <param name="Truth">The file of its true labels.</param>
public sealed record DatasetImage(string Name, string Image, string Truth);

/// <summary>
/// How a benchmark's validation set lies in its folder, as mmsegmentation prepares it and the paper's evaluation reads
/// it. Everywhere 255 is ignored.
/// </summary>
/// <param name="Name">The benchmark, as in <see cref="ClassSets"/>.</param>
/// <param name="Parents">Folders that the data set's folder may lie in, below the folder that a user names.</param>
/// <param name="Images">Folder of the images.</param>
/// <param name="ImageEnding">What their names end with.</param>
/// <param name="Truths">Folder of the label maps.</param>
/// <param name="TruthEnding">What their names end with.</param>
/// <param name="List">File with the names of the validation set; null where the folders hold just that.</param>
/// <param name="ReducesZeroLabel">Whether the label 0 is no class and all others are one less.</param>
public sealed record DatasetLayout(
    string Name,
    IReadOnlyList<string> Parents,
    string Images,
    string ImageEnding,
    string Truths,
    string TruthEnding,
    string? List,
    bool ReducesZeroLabel
)
{
    /// <summary>The true label that does not count, in every benchmark.</summary>
    public const int Ignore = 255;

    private const long MaxListBytes = 64 << 20;

    private static readonly string[] s_voc2012 = ["", "VOC2012", "VOCdevkit/VOC2012"];
    private static readonly string[] s_voc2010 = ["", "VOC2010", "VOCdevkit/VOC2010"];
    private static readonly string[] s_coco = ["", "coco_stuff164k"];

    private static readonly DatasetLayout[] s_all =
    [
        new(
            "voc",
            s_voc2012,
            "JPEGImages",
            ".jpg",
            "SegmentationClass",
            ".png",
            "ImageSets/Segmentation/val.txt",
            false
        ),
        new(
            "voc20",
            s_voc2012,
            "JPEGImages",
            ".jpg",
            "SegmentationClass",
            ".png",
            "ImageSets/Segmentation/val.txt",
            true
        ),
        new(
            "context",
            s_voc2010,
            "JPEGImages",
            ".jpg",
            "SegmentationClassContext",
            ".png",
            "ImageSets/SegmentationContext/val.txt",
            false
        ),
        new(
            "context59",
            s_voc2010,
            "JPEGImages",
            ".jpg",
            "SegmentationClassContext",
            ".png",
            "ImageSets/SegmentationContext/val.txt",
            true
        ),
        new(
            "coco-object",
            s_coco,
            "images/val2017",
            ".jpg",
            "annotations/val2017",
            "_instanceTrainIds.png",
            null,
            false
        ),
        new("coco-stuff", s_coco, "images/val2017", ".jpg", "annotations/val2017", "_labelTrainIds.png", null, false),
        new(
            "cityscapes",
            ["", "cityscapes"],
            "leftImg8bit/val",
            "_leftImg8bit.png",
            "gtFine/val",
            "_gtFine_labelTrainIds.png",
            null,
            false
        ),
        new(
            "ade20k",
            ["", "ADEChallengeData2016", "ade/ADEChallengeData2016"],
            "images/validation",
            ".jpg",
            "annotations/validation",
            ".png",
            null,
            true
        ),
    ];

    /// <summary>The layout of a benchmark; null if there is none of this name. Case does not count, and _ may stand for
    /// -.</summary>
    public static DatasetLayout? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Array.Find(s_all, layout => layout.Name == name.Trim().ToLowerInvariant().Replace('_', '-'));
    }

    /// <summary>The images of the validation set, in ordinal order of names.</summary>
    /// <param name="root">The data set's folder, or one that it lies in as usual.</param>
    /// <exception cref="LpossException">Something is missing; the message says what, and where it was looked
    /// for.</exception>
    public IReadOnlyList<DatasetImage> Open(string root)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        if (!Directory.Exists(root))
            throw new LpossException(
                LpossErrorCode.InvalidDataset,
                $"'{root}' is not a folder; it must be that of {Name}"
            );
        string folder =
            Parents
                .Select(parent => Path.Combine(root, parent))
                .FirstOrDefault(path => Directory.Exists(Path.Combine(path, Images)))
            ?? throw new LpossException(
                LpossErrorCode.InvalidDataset,
                $"'{root}' holds no {Name}: there is no folder "
                    + $"{string.Join(", nor ", Parents.Select(parent => $"'{Path.Combine(root, parent, Images)}'"))}"
            );
        string imageFolder = Path.Combine(folder, Images);
        string truths = Path.Combine(folder, Truths);
        if (!Directory.Exists(truths))
            throw new LpossException(
                LpossErrorCode.InvalidDataset,
                $"'{folder}' holds no true labels of {Name}: there is no folder '{truths}'"
            );
        DatasetImage[] images =
        [
            .. Names(folder, truths)
                .Order(StringComparer.Ordinal)
                .Select(name => new DatasetImage(
                    name,
                    Path.Combine(imageFolder, name + ImageEnding),
                    Path.Combine(truths, name + TruthEnding)
                )),
        ];
        foreach (var image in images)
        {
            if (!File.Exists(image.Image))
                throw new LpossException(
                    LpossErrorCode.InvalidDataset,
                    $"'{image.Image}' does not exist, and {Name} has it in its validation set"
                );
            if (!File.Exists(image.Truth))
                throw new LpossException(
                    LpossErrorCode.InvalidDataset,
                    $"'{image.Truth}' does not exist, the true labels of '{image.Image}'"
                );
        }
        return images;
    }

    private string[] Names(string folder, string truths)
    {
        if (List is null)
        {
            string[] found =
            [
                .. Directory
                    .EnumerateFiles(truths, "*" + TruthEnding, SearchOption.AllDirectories)
                    .Select(path => Path.GetRelativePath(truths, path)[..^TruthEnding.Length]),
            ];
            return found.Length > 0
                ? found
                : throw new LpossException(
                    LpossErrorCode.InvalidDataset,
                    $"'{truths}' holds no file that ends with '{TruthEnding}'"
                );
        }
        string list = Path.Combine(folder, List);
        if (!File.Exists(list))
            throw new LpossException(
                LpossErrorCode.InvalidDataset,
                $"'{list}' does not exist, the list of {Name}'s validation set"
            );
        string[] names =
        [
            .. SmallFile
                .ReadLines(list, MaxListBytes, LpossErrorCode.InvalidDataset)
                .Select(line => line.Trim())
                .Where(line => line.Length > 0),
        ];
        if (
            names.FirstOrDefault(name => name.Contains("..", StringComparison.Ordinal) || Path.IsPathRooted(name)) is
            { } leaving
        )
            throw new LpossException(
                LpossErrorCode.InvalidDataset,
                $"'{list}' names '{leaving}', which leads out of the data set"
            );
        return names.Length > 0 ? names : throw new LpossException(LpossErrorCode.InvalidDataset, $"'{list}' is empty");
    }
}
