using Lposs.Tests.Support;
using Lposs.Tools.Datasets;
using Xunit;

namespace Lposs.Tools.Tests.Datasets;

/// <summary>The published places of the benchmarks' files, written out.</summary>
public sealed class DatasetLayoutTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(
        "voc",
        false,
        "VOCdevkit/VOC2012/JPEGImages/2007_000033.jpg",
        "VOCdevkit/VOC2012/SegmentationClass/2007_000033.png",
        "VOCdevkit/VOC2012/ImageSets/Segmentation/val.txt"
    )]
    [InlineData(
        "voc20",
        true,
        "VOCdevkit/VOC2012/JPEGImages/2007_000033.jpg",
        "VOCdevkit/VOC2012/SegmentationClass/2007_000033.png",
        "VOCdevkit/VOC2012/ImageSets/Segmentation/val.txt"
    )]
    [InlineData(
        "context",
        false,
        "VOCdevkit/VOC2010/JPEGImages/2008_000002.jpg",
        "VOCdevkit/VOC2010/SegmentationClassContext/2008_000002.png",
        "VOCdevkit/VOC2010/ImageSets/SegmentationContext/val.txt"
    )]
    [InlineData(
        "context59",
        true,
        "VOCdevkit/VOC2010/JPEGImages/2008_000002.jpg",
        "VOCdevkit/VOC2010/SegmentationClassContext/2008_000002.png",
        "VOCdevkit/VOC2010/ImageSets/SegmentationContext/val.txt"
    )]
    [InlineData(
        "coco-object",
        false,
        "coco_stuff164k/images/val2017/000000000139.jpg",
        "coco_stuff164k/annotations/val2017/000000000139_instanceTrainIds.png",
        null
    )]
    [InlineData(
        "coco-stuff",
        false,
        "coco_stuff164k/images/val2017/000000000139.jpg",
        "coco_stuff164k/annotations/val2017/000000000139_labelTrainIds.png",
        null
    )]
    [InlineData(
        "cityscapes",
        false,
        "cityscapes/leftImg8bit/val/munster/munster_000000_000019_leftImg8bit.png",
        "cityscapes/gtFine/val/munster/munster_000000_000019_gtFine_labelTrainIds.png",
        null
    )]
    [InlineData(
        "ade20k",
        true,
        "ADEChallengeData2016/images/validation/ADE_val_00000001.jpg",
        "ADEChallengeData2016/annotations/validation/ADE_val_00000001.png",
        null
    )]
    public void A_benchmark_is_found_where_it_is_published(
        string name,
        bool reducesZero,
        string image,
        string truth,
        string? list
    )
    {
        foreach (string file in (string[])[image, truth])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.At(file))!);
            File.WriteAllText(_folder.At(file), "");
        }
        if (list is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.At(list))!);
            File.WriteAllText(_folder.At(list), Path.GetFileNameWithoutExtension(image) + "\n");
        }

        var layout = DatasetLayout.Find(name)!;
        var found = Assert.Single(layout.Open(_folder.Root));
        Assert.Equal(Path.GetFullPath(_folder.At(image)), Path.GetFullPath(found.Image));
        Assert.Equal(Path.GetFullPath(_folder.At(truth)), Path.GetFullPath(found.Truth));
        Assert.Equal(reducesZero, layout.ReducesZeroLabel);
        Assert.Equal(255, DatasetLayout.Ignore);
    }
}
