using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Tests;

public sealed class ClassListTests
{
    [Fact]
    public void Commas_part_classes_and_semicolons_their_prompts()
    {
        var list = ClassList.Parse("sky, road; street ,  traffic   light");

        Assert.Equal(["sky", "road", "traffic light"], list.Classes.Select(c => c.Name));
        Assert.Equal([0, 1, 2], list.Classes.Select(c => c.Id));
        Assert.Equal<string>(["sky", "road", "street", "traffic light"], list.Prompts);
        Assert.Equal<int>([0, 1, 1, 2], list.PromptClasses);
        Assert.Equal<string>(["road", "street"], list.Classes[1].Prompts);
    }

    [Theory]
    [InlineData("", "the list of classes is empty; it needs one class or more, as in \"sky, road; street, car\".")]
    [InlineData("  ", "the list of classes is empty; it needs one class or more, as in \"sky, road; street, car\".")]
    [InlineData("sky,,road", "class 2 has an empty name; a name or prompt needs at least one character.")]
    [InlineData("sky,", "class 2 has an empty name; a name or prompt needs at least one character.")]
    [InlineData(";sky", "class 1 has an empty name; a name or prompt needs at least one character.")]
    [InlineData(
        "sky, road;;street",
        "class 'road' has an empty prompt; a name or prompt needs at least one character."
    )]
    [InlineData("sky, road, Sky", "class 'Sky' is there twice; each class is named once.")]
    [InlineData(
        "sky, road; sky",
        "the prompt 'sky' of class 'road' is also one of class 'sky'; each prompt is used once."
    )]
    [InlineData(
        "road; street; street",
        "the prompt 'street' of class 'road' is also one of class 'road'; each prompt is used once."
    )]
    [InlineData("s\u0007ky", "the name of class 1 holds a control character; only text is allowed.")]
    public void Mistakes_are_refused_by_name(string text, string sentence) =>
        Assert.Equal(sentence, Failing.With(LpossErrorCode.InvalidClasses, () => ClassList.Parse(text)).Message);

    [Fact]
    public void A_class_file_gives_prompts_ids_and_colours()
    {
        var list = Load(
            """
            [
              { "name": "sky", "id": 10, "colour": "#78b4F0" },
              { "name": "road", "prompts": ["street", "asphalt"], "id": 3 }
            ]
            """
        );

        Assert.Equal([10, 3], list.Classes.Select(c => c.Id));
        Assert.Equal(new RgbColour(0x78, 0xb4, 0xf0), list.Classes[0].Colour);
        Assert.Equal(RgbColour.Default(1), list.Classes[1].Colour);
        Assert.Equal<string>(["sky", "street", "asphalt"], list.Prompts);
        Assert.Equal<int>([0, 1, 1], list.PromptClasses);
    }

    [Fact]
    public void A_class_file_may_begin_with_a_byte_order_mark() =>
        Assert.Equal("sky", Load("\uFEFF[{ \"name\": \"sky\" }]").Classes[0].Name);

    [Fact]
    public void A_list_that_is_written_reads_back()
    {
        var list = Load(
            """[{ "name": "trees, \"green\"", "prompts": ["tree", "\u00e9rable"], "id": 300, "colour": "#000102" }]"""
        );

        string written = list.ToJson();

        Assert.Equal(written, Load(written).ToJson());
        Assert.Contains("\"\u00e9rable\"", written, StringComparison.Ordinal);
        Assert.Equal(
            (list.Classes[0].Name, 300, new RgbColour(0, 1, 2)),
            (Load(written).Classes[0].Name, Load(written).Classes[0].Id, Load(written).Classes[0].Colour)
        );
    }

    [Theory]
    [InlineData("a.txt", "sky\r\nroad, street\n\n")]
    [InlineData("b.json", """{"sky": "sky", "road": ["road", "street"]}""")]
    public void Lists_in_the_forms_that_others_publish_are_read(string name, string contents)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Save(name, System.Text.Encoding.UTF8.GetBytes(contents));
        var classes = ClassList.Load(path).Classes;
        Assert.Equal(["sky", "road"], classes.Select(c => c.Name));
        Assert.Equal(["road", "street"], classes[1].Prompts);
        Assert.Equal(ClassList.Parse("sky\nroad;street\n").ToJson(), ClassList.Load(path).ToJson());
        Assert.Equal(ClassList.Parse("sky,road").ToJson(), Load("[\"sky\", \"road\"]").ToJson());
        Assert.Equal(new RgbColour(1, 2, 3), Load("""[{"name": "sky", "color": "#010203"}]""").Classes[0].Colour);
    }

    [Theory]
    [InlineData("{}", "the list of classes is an object; it must be a list of one or more objects.")]
    [InlineData("[]", "the list of classes is a list of 0; it must be a list of one or more objects.")]
    [InlineData("[\"sky\", 1]", "the list of classes[0] holds a text; it must be an object.")]
    [InlineData("{\"sky\":1}", "sky is 1; it must be a list of one or more texts.")]
    [InlineData("[\"sky\", \"\"]", "the list of classes[1] is an empty text.")]
    [InlineData("{\"sky\":\"\\ud800\"}", "sky has a broken Unicode escape.")]
    [InlineData("[{}]", "the list of classes[0].name is missing.")]
    [InlineData(
        "[{\"name\":\"sky\",\"prompts\":[]}]",
        "the list of classes[0].prompts is a list of 0; it must be a list of one or more texts."
    )]
    [InlineData(
        "[{\"name\":\"sky\",\"id\":65535}]",
        "the list of classes[0].id is 65535; it must be a whole number from 0 to 65534."
    )]
    [InlineData(
        "[{\"name\":\"sky\",\"id\":-1}]",
        "the list of classes[0].id is -1; it must be a whole number from 0 to 65534."
    )]
    [InlineData(
        "[{\"name\":\"sky\",\"colour\":\"blue\"}]",
        "the list of classes[0].colour is 'blue'; it must be \"#rrggbb\", six hexadecimal digits."
    )]
    [InlineData(
        "[{\"name\":\"sky\",\"kolor\":\"#000000\"}]",
        "the list of classes[0].kolor is unknown; the names known there are name, prompts, id, colour, color."
    )]
    [InlineData(
        "[{\"name\":\"sky\",\"color\":\"#000000\",\"colour\":\"#000000\"}]",
        "the list of classes[0].color is given beside colour; give one of them."
    )]
    [InlineData(
        "[{\"name\":\"sky\",\"id\":4},{\"name\":\"road\",\"id\":4}]",
        "classes 'sky' and 'road' both have the id 4; ids are used once."
    )]
    [InlineData(
        "[{\"name\":\"sky\",\"id\":4},{\"name\":\"road\"}]",
        "class 'road' has no id, and other classes have; give all classes an id, or none."
    )]
    [InlineData("[{\"name\":\" \"}]", "class 1 has an empty name; a name or prompt needs at least one character.")]
    public void Mistakes_in_a_class_file_are_refused_by_name(string json, string sentence)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, json);
            Assert.Equal(
                $"{path}: {sentence}",
                Failing.With(LpossErrorCode.InvalidClasses, () => ClassList.Load(path)).Message
            );
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_class_file_that_does_not_exist_is_refused() =>
        Assert.Equal(
            "/nonexistent/classes.json does not exist.",
            Failing.With(LpossErrorCode.InvalidClasses, () => ClassList.Load("/nonexistent/classes.json")).Message
        );

    [Theory]
    [InlineData(254, 8, 255)]
    [InlineData(255, 16, 65535)]
    [InlineData(65534, 16, 65535)]
    public void Label_maps_have_16_bits_only_where_an_id_needs_them(int id, int bits, int ignore)
    {
        var list = new ClassList([new ClassDefinition("sky") { Id = id }]);
        Assert.Equal((bits, ignore), (list.LabelBits, list.IgnoreId));
    }

    [Fact]
    public void An_id_out_of_range_is_refused() =>
        Assert.Equal(
            "class 'sky' has the id 65535; an id is a whole number from 0 to 65534.",
            Failing
                .With(LpossErrorCode.InvalidClasses, () => new ClassList([new ClassDefinition("sky") { Id = 65535 }]))
                .Message
        );

    [Fact]
    public void Default_colours_of_256_classes_differ() =>
        Assert.Equal(256, Enumerable.Range(0, 256).Select(RgbColour.Default).Distinct().Count());

    private static ClassList Load(string json)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, json);
            return ClassList.Load(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
