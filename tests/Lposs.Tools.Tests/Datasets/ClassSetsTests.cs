using Lposs.Imaging;
using Lposs.Tools.Datasets;
using Xunit;

namespace Lposs.Tools.Tests.Datasets;

public sealed class ClassSetsTests
{
    [Theory]
    [InlineData("voc", 21, 46, "background", "tv monitor")]
    [InlineData("voc20", 20, 20, "aeroplane", "tv monitor")]
    [InlineData("context", 60, 60, "background", "wood")]
    [InlineData("context59", 59, 59, "aeroplane", "wood")]
    [InlineData("coco-object", 81, 96, "background", "toothbrush")]
    [InlineData("coco-stuff", 171, 171, "person", "wood")]
    [InlineData("cityscapes", 19, 19, "road", "bicycle")]
    [InlineData("ade20k", 150, 150, "wall", "flag")]
    public void Every_set_has_its_classes_with_ids_from_zero(
        string name,
        int classes,
        int prompts,
        string first,
        string last
    )
    {
        var set = ClassSets.Find(name)!;
        Assert.Equal(Enumerable.Range(0, classes), set.Classes.Select(c => c.Id));
        Assert.Equal(prompts, set.Prompts.Length);
        Assert.Equal((first, last), (set.Classes[0].Name, set.Classes[^1].Name));
    }

    [Fact]
    public void All_names_are_sets_and_underscores_and_case_do_not_count()
    {
        Assert.All(ClassSets.Names, name => Assert.NotNull(ClassSets.Find(name)));
        Assert.Equal(171, ClassSets.Find("COCO_Stuff")!.Classes.Length);
        Assert.Null(ClassSets.Find("sky, road"));
        Assert.Null(ClassSets.Find("../voc"));
    }

    [Fact]
    public void Voc_has_the_colours_of_its_colour_map()
    {
        foreach (var c in ClassSets.Find("voc")!.Classes)
        {
            var colour = Palette.Voc[(ushort)c.Id];
            Assert.Equal((colour.R, colour.G, colour.B), (c.Colour.R, c.Colour.G, c.Colour.B));
        }
    }

    [Theory]
    [InlineData("cityscapes", 0, "#804080")]
    [InlineData("cityscapes", 13, "#00008e")]
    [InlineData("ade20k", 0, "#787878")]
    [InlineData("ade20k", 149, "#5c00ff")]
    [InlineData("context59", 0, "#b47878")]
    [InlineData("coco-stuff", 170, "#404000")]
    [InlineData("coco-object", 0, "#000000")]
    [InlineData("coco-object", 1, "#00c040")]
    public void Colours_are_the_published_ones(string name, int id, string colour) =>
        Assert.Equal(colour, ClassSets.Find(name)!.Classes[id].Colour.ToString());
}
