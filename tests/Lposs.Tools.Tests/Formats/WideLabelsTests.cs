using Lposs.Bundles;
using Lposs.Imaging;
using Lposs.Tests.Support;
using Lposs.Tools.Formats;
using Xunit;

namespace Lposs.Tools.Tests.Formats;

/// <summary>Label maps of more than 256 classes, ids of 16 bits and names in any script, through every format of
/// collections.</summary>
public sealed class WideLabelsTests : IDisposable
{
    private static readonly string[] s_names =
    [
        "straße",
        "дерево",
        "木々 №3",
        "crème brûlée",
        "🌳 tree",
        "a \"quoted\" name",
        "back\\slash",
        "colon: and # hash",
        "עץ",
        "e\u0301",
        "é",
        "- dash",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData(300, 1)] // 0 to 299
    [InlineData(300, 219)] // 0 to 65,481
    [InlineData(12, 5957)] // 0 to 65,527
    [InlineData(12, 1)] // of 8 bits
    public void Labels_and_names_are_read_back_by_an_independent_reader(int count, int step)
    {
        var classes = new ClassList([
            .. Enumerable
                .Range(0, count)
                .Select(i => new ClassDefinition(i < s_names.Length ? s_names[i] : $"klasse {i} ä")
                {
                    Id = i * step,
                    Prompts = [$"p{i}"],
                }),
        ]);
        using var segmenter = new Segmenter(
            ModelBundle.OpenDefault(),
            new SegmenterOptions { Device = DevicePreference.Cpu }
        );
        var any = segmenter.Segment(
            TestImages.Scene(16, 16),
            ClassList.Parse("sky"),
            new SegmentationSettings { Mode = SegmentationMode.Vlm, ShortSide = 16 }
        );
        var random = new Random(count + step);
        // Pieces of many classes, so that regions of one class lie apart and have holes; of one class; one pixel wide.
        LabelMap[] maps =
        [
            TestImages.Labels(41, 33, (x, y) => (x / 2 + y / 3 * 20) % count * step),
            TestImages.Labels(20, 17, (_, _) => random.Next(count) * step),
            TestImages.Labels(8, 5, (_, _) => (count - 1) * step),
            TestImages.Labels(1, 30, (_, y) => y % count * step),
        ];
        string[] stems = ["plain", "straße/木 1", "straße/один", "🌳"];

        IResultFormat[] formats =
        [
            .. ((string[])["labels", "coco", "panoptic", "cvat", "yolo"]).Select(name =>
                ResultFormats.Create(name, classes)
            ),
        ];
        File.WriteAllText(_folder.At("classes.json"), classes.ToJson());
        for (int i = 0; i < maps.Length; i++)
        {
            var image = TestImages.Scene(maps[i].Width, maps[i].Height);
            foreach (
                var file in formats.SelectMany(format =>
                    format.Encode(stems[i], stems[i] + ".jpg", image, any with { Labels = maps[i], Classes = classes })
                )
            )
            {
                Directory.CreateDirectory(Path.GetDirectoryName(_folder.At(file.Path))!);
                File.WriteAllBytes(_folder.At(file.Path), file.Contents.ToArray());
            }
        }
        FinishedImage[] finished =
        [
            .. stems
                .Select((stem, i) => new FinishedImage(stem + ".jpg", stem, maps[i].Width, maps[i].Height))
                .OrderBy(image => image.InputName, StringComparer.Ordinal),
        ];
        foreach (var format in formats.OfType<ICollectionFormat>())
            format.Assemble(_folder.Root, finished, classes);

        for (int i = 0; i < maps.Length; i++)
            Assert.Equal(maps[i].Labels.ToArray(), LabelMap.Load(_folder.At(stems[i] + ".png")).Labels.ToArray());
        Assert.Equal(
            s_names,
            ClassList.Load(_folder.At("classes.json")).Classes.Take(s_names.Length).Select(c => c.Name)
        );
        string output = ReadBack.Run(_folder.Root, "coco", "panoptic", "cvat", "yolo");
        Assert.Contains($"4 images, {count} classes, of which", output, StringComparison.Ordinal);
        Assert.Contains($"up to {(count - 1) * step}: coco", output, StringComparison.Ordinal);
    }
}
