using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Lposs.Bundles;
using Lposs.Tests.Support;
using Lposs.Tools.Formats;
using Xunit;

namespace Lposs.Tools.Tests.Formats;

/// <summary>Pixels without data have no class in any format.</summary>
public sealed class NoDataTests
{
    private const string Stem = "a";

    private static readonly ClassList s_classes = ClassList.Parse("sky, road");

    private readonly Image _image;
    private readonly SegmentationResult _result;

    public NoDataTests()
    {
        byte[] mask = [.. Enumerable.Repeat((byte)255, 20 * 10)];
        mask.AsSpan(0, 60).Clear();
        _image = new Image(20, 10, TestImages.Scene(20, 10).Pixels) { Mask = mask };
        using var segmenter = new Segmenter(
            ModelBundle.OpenDefault(),
            new SegmenterOptions { Device = DevicePreference.Cpu }
        );
        _result = segmenter.Segment(
            _image,
            s_classes,
            new SegmentationSettings { Mode = SegmentationMode.Vlm, ShortSide = 16 }
        );
    }

    private ResultFile[] Encode(string format) =>
        [.. ResultFormats.Create(format, s_classes).Encode(Stem, "a.png", _image, _result)];

    [Fact]
    public void Labels_have_255_there_and_nowhere_else()
    {
        Assert.Equal((ushort)255, _result.Labels.NoData);
        Assert.All(_result.Labels.Labels[..60].ToArray(), label => Assert.Equal(255, label));
        Assert.All(_result.Labels.Labels[60..].ToArray(), label => Assert.InRange(label, 0, 1));
    }

    [Fact]
    public void Coco_and_panoptic_have_no_region_there()
    {
        foreach (var (format, place) in (ReadOnlySpan<(string, int)>)[("coco", 0), ("panoptic", 1)])
        {
            using var json = JsonDocument.Parse(Encode(format)[place].Contents);
            var regions = json.RootElement.EnumerateArray().ToArray();
            Assert.Equal(20 * 10 - 60, regions.Sum(region => region.GetProperty("area").GetInt32()));
            Assert.All(regions, region => Assert.InRange(region.GetProperty("category_id").GetInt32(), 0, 1));
        }
        Assert.Equal(default, Image.Decode(Encode("panoptic")[0].Contents, "x")[0, 0]);
    }

    [Fact]
    public void Yolo_has_no_outline_there()
    {
        string[] lines = Encoding
            .UTF8.GetString(Encode("yolo")[0].Contents.Span)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.InRange(int.Parse(line.Split(' ')[0], null), 0, 1));
    }

    [Fact]
    public void Cvat_has_its_background_there() =>
        Assert.Equal(default, Image.Decode(Encode("cvat")[0].Contents, "x")[0, 0]);

    [Fact]
    public void An_overlay_leaves_the_image_there()
    {
        Image overlay = Image.Decode(Encode("overlay")[0].Contents, "x");
        Assert.Equal(_image.Row(0).ToArray(), overlay.Row(0).ToArray());
        Assert.NotEqual(_image.Row(9).ToArray(), overlay.Row(9).ToArray());
    }

    [Fact]
    public void Gray_labels_have_room_for_it()
    {
        var classes = new ClassList([new ClassDefinition("a") { Id = 255 }, new ClassDefinition("b") { Id = 3 }]);
        var labels = new LabelMap(1, 2, [ushort.MaxValue, 255]) { NoData = ushort.MaxValue };
        var file = ResultFormats
            .Create("labels-gray", classes)
            .Encode(Stem, "a.png", new Image(1, 2, new byte[6]), _result with { Labels = labels, Classes = classes })[
            0
        ];
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".png");
        File.WriteAllBytes(path, file.Contents.ToArray());
        try
        {
            Assert.Equal([ushort.MaxValue, 255], LabelMap.Load(path).Labels.ToArray());
        }
        finally
        {
            File.Delete(path);
        }
    }
}
