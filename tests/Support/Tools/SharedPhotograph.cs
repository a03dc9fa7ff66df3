using Lposs.Imaging;
using Xunit;

namespace Lposs.Tests.Support;

/// <summary>
/// CamVid street photographs, 480 x 360, with label maps, which are not part of the project: the folder camvid below
/// LPOSS_SHARED_DATA or, if that is not set, below ../shared/data beside the repository. Labels: 0 sky, 1 building, 2
/// pole, 3 road, 4 pavement, 5 tree, 6 sign, 7 fence, 8 car, 9 pedestrian, 10 bicyclist, 11 unlabelled.
/// </summary>
internal sealed record SharedPhotograph(string Name, Image Image, LabelMap Labels)
{
    public const int ClassCount = 11;
    public const int Unlabelled = 11;

    private static readonly string s_folder = Repository.SharedData("camvid");

    // The drives: on the first the parameters of the bundled encoders were chosen, on the other nothing was.
    private const string ChoosingDrive = "0001TP";
    private const string HeldOutDrive = "Seq05VD";

    /// <summary>All of them, by name; skips the test that asks where there are none.</summary>
    public static IReadOnlyList<SharedPhotograph> All()
    {
        Skip.IfNot(Directory.Exists(s_folder), "the CamVid photographs are not there (LPOSS_SHARED_DATA)");
        return In(s_folder);
    }

    /// <summary>Those on which settings may be chosen.</summary>
    public static IReadOnlyList<SharedPhotograph> Choosing() => OfDrive(ChoosingDrive);

    /// <summary>Those on which nothing was chosen.</summary>
    public static IReadOnlyList<SharedPhotograph> HeldOut() => OfDrive(HeldOutDrive);

    /// <summary>Those of a folder that holds NAME.png and NAME_labels.png, by name.</summary>
    public static IReadOnlyList<SharedPhotograph> In(string folder) =>
        [
            .. Directory
                .EnumerateFiles(folder, "*_labels.png")
                .Order(StringComparer.Ordinal)
                .Select(labels =>
                    (Labels: labels, Image: labels.Replace("_labels.png", ".png", StringComparison.Ordinal))
                )
                .Select(files => new SharedPhotograph(
                    Path.GetFileNameWithoutExtension(files.Image),
                    Image.Load(files.Image),
                    LabelMap.Load(files.Labels)
                )),
        ];

    private static List<SharedPhotograph> OfDrive(string drive)
    {
        List<SharedPhotograph> photographs =
        [
            .. All().Where(photograph => photograph.Name.StartsWith(drive, StringComparison.Ordinal)),
        ];
        Skip.If(photographs.Count == 0, $"there is no CamVid photograph of the drive {drive} (LPOSS_SHARED_DATA)");
        return photographs;
    }

    /// <summary>The label map with its labels called otherwise.</summary>
    public static LabelMap Relabel(LabelMap labels, Func<ushort, int> label) =>
        new(labels.Width, labels.Height, [.. labels.Labels.Span.ToArray().Select(old => (ushort)label(old))]);
}
