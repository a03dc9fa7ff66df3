using Lposs.Bundles;
using Lposs.Imaging;
using Lposs.Tests.Support;
using Lposs.Tools.Evaluation;
using Lposs.Tools.Import.Exporter;
using Xunit;

namespace Lposs.Cli.Tests;

/// <summary><c>lposs segment</c> with the bundled model: what it writes and says.</summary>
public sealed class SegmentCommandTests : IDisposable
{
    private const string StreetClasses = "sky; clouds, building, road, pavement, tree, car";

    // Few windows, so that the tests are quick.
    private static readonly string[] s_small = ["--short-side", "224"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_sample_image_is_segmented_as_it_looks()
    {
        Run(LpossCommand.Street, "-c", StreetClasses, "-o", "out").AssertDone();

        Assert.Equal(["classes.json", "street.png"], Names("out"));
        var labels = LabelMap.Load(_folder.At("out/street.png"));
        Assert.Equal((384, 288), (labels.Width, labels.Height));
        // The sky is at the top left, a large tree left of the middle, and the road in front of the viewer.
        Assert.Equal((0, 4, 2), (labels[20, 20], labels[160, 60], labels[240, 260]));
        string[] names = [.. ClassList.Load(_folder.At("out/classes.json")).Classes.Select(c => c.Name)];
        Assert.Equal(["sky", "building", "road", "pavement", "tree", "car"], names);
    }

    [Fact]
    public void A_prompt_that_is_too_long_is_cut_with_a_warning_that_names_its_class()
    {
        string prompt = string.Join(' ', Enumerable.Repeat("tree", 40));
        var run = Run([LpossCommand.Street, "-c", $"sky, wood; {prompt}", "-o", "out", "--json", .. s_small])
            .AssertDone();

        string expected =
            $"the text encoder of mini reads 32 tokens, and what is beyond them was left out of '{prompt}' (class "
            + "'wood')";
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Contains(
            expected,
            run.Json.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString())
        );
    }

    [Fact]
    public void Templates_and_the_features_of_the_graph_are_taken_and_told()
    {
        File.WriteAllText(_folder.At("templates.txt"), "{} in the rain\n\nthe {} of a city\n");
        string[] inputs =
        [
            LpossCommand.Street,
            "-c",
            "sky, road, tree",
            "--format",
            "labels,scores",
            "--json",
            "--mode",
            "lposs",
            .. s_small,
        ];

        var plain = Run([.. inputs, "-o", "plain"]).AssertDone().Json.GetProperty("model");
        var other = Run([.. inputs, "-o", "other", "--templates", "templates.txt"])
            .AssertDone()
            .Json.GetProperty("model");
        var own = Run([.. inputs, "-o", "own", "--vm", "vlm"]).AssertDone().Json.GetProperty("model");

        Assert.Equal(
            ["{} in the rain", "the {} of a city"],
            other.GetProperty("templates").EnumerateArray().Select(template => template.GetString()!)
        );
        Assert.Equal(("model", "vlm"), (plain.GetProperty("vm").GetString(), own.GetProperty("vm").GetString()));
        byte[] Scores(string folder) => File.ReadAllBytes(_folder.At($"{folder}/street_scores.npy"));
        Assert.NotEqual(Scores("plain"), Scores("other"));
        Assert.NotEqual(Scores("plain"), Scores("own"));
    }

    [Fact]
    public void Overlay_scores_and_confidence_are_written_where_asked_for()
    {
        var document = Run([
                LpossCommand.Street,
                "-c",
                "sky, road, tree",
                "-o",
                "out",
                "--format",
                "labels,overlay,scores,confidence,confidence32",
                "--json",
                .. s_small,
            ])
            .AssertDone()
            .Json;

        Assert.Equal(
            [
                "classes.json",
                "street.png",
                "street_confidence.npy",
                "street_confidence.png",
                "street_overlay.png",
                "street_scores.npy",
            ],
            Names("out")
        );
        var labels = LabelMap.Load(_folder.At("out/street.png"));
        var scores = NpyFile.ReadSingle(_folder.At("out/street_scores.npy"));
        var confidence = NpyFile.ReadSingle(_folder.At("out/street_confidence.npy"));
        Assert.Equal([288, 384, 3], scores.Shape.ToArray());
        Assert.Equal([288, 384], confidence.Shape.ToArray());
        float[] pixel = scores.Span.Slice(3 * (100 * 384 + 200), 3).ToArray();
        Assert.Equal(Array.IndexOf(pixel, pixel.Max()), labels[200, 100]);
        float[] descending = [.. pixel.OrderDescending()];
        Assert.Equal(descending[0] - descending[1], confidence.Span[100 * 384 + 200]);
        Assert.Equal(384, Image.Load(_folder.At("out/street_overlay.png")).Width);
        Assert.Equal(255, Image.Load(_folder.At("out/street_confidence.png")).Pixels.ToArray().Max());

        var image = Assert.Single(document.GetProperty("images").EnumerateArray());
        string[] written =
        [
            .. image
                .GetProperty("outputs")
                .EnumerateObject()
                .Select(output => output.Value.GetString()!)
                .Append("out/classes.json")
                .Order(),
        ];
        Assert.Equal(Names("out").Select(name => $"out/{name}"), written);
    }

    [Fact]
    public void The_document_says_what_was_taken_and_found()
    {
        var document = Run([
                LpossCommand.Street,
                "-c",
                "sky, road",
                "--json",
                "--mode",
                "lposs",
                "--k",
                "30",
                "--centre=false",
                .. s_small,
            ])
            .AssertDone()
            .Json;

        Assert.Equal("segment", document.GetProperty("command").GetString());
        Assert.Equal("mini", document.GetProperty("model").GetProperty("name").GetString());
        Assert.Equal("lposs", document.GetProperty("mode").GetString());
        Assert.Matches("^(cpu|cuda)$", document.GetProperty("device").GetProperty("core").GetString());
        var graph = document.GetProperty("parameters").GetProperty("patch_graph");
        Assert.Equal(30, graph.GetProperty("k").GetInt32());
        Assert.False(graph.GetProperty("centre").GetBoolean());
        Assert.Equal(ModelBundle.OpenDefault().Parameters.PatchGraph.Sigma, graph.GetProperty("sigma").GetSingle());
        Assert.Equal("sky", document.GetProperty("classes")[0].GetProperty("name").GetString());
        var image = document.GetProperty("images")[0];
        Assert.Equal(1, image.GetProperty("shares").EnumerateObject().Sum(share => share.Value.GetDouble()), 5);
        foreach (string stage in new[] { "read", "image_encoders", "patch_graph", "patch_solve", "write", "total" })
            Assert.True(image.GetProperty("milliseconds").GetProperty(stage).GetDouble() >= 0);
        Assert.False(image.GetProperty("milliseconds").TryGetProperty("pixel_solve", out _));
        Assert.True(image.GetProperty("solves").TryGetProperty("patch", out _));
    }

    [Fact]
    public void Redirected_output_names_files_device_stages_and_shares_in_plain_lines()
    {
        var run = Run([LpossCommand.Street, "-c", "sky, road", .. s_small]).AssertDone();
        foreach (
            string fragment in new[]
            {
                "segmented/street.png",
                "segmented/classes.json",
                "device",
                "cpu",
                "image encoders",
                "total",
                "#",
                " %",
            }
        )
            Assert.Contains(fragment, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output + run.Error);
        Assert.DoesNotContain('\u2502', run.Output);
        Assert.Equal("", Run([LpossCommand.Street, "-c", "sky, road", "-q", .. s_small]).AssertDone().Output);
    }

    [Fact]
    public void A_class_file_gives_ids_and_colours_and_what_is_written_reads_back()
    {
        File.WriteAllText(
            _folder.At("my.json"),
            """[{"name":"road","id":300,"colour":"#102030"},{"name":"sky","id":5,"prompts":["sky","clouds"]}]"""
        );
        Run([LpossCommand.Street, "-c", "my.json", "-o", "out", .. s_small]).AssertDone();
        var classes = ClassList.Load(_folder.At("out/classes.json"));
        Assert.Equal([300, 5], classes.Classes.Select(c => c.Id));
        Assert.Equal("#102030", classes.Classes[0].Colour.ToString());
        Assert.Equal(
            [5, 300],
            LabelMap.Load(_folder.At("out/street.png")).Labels.ToArray().Distinct().Select(label => (int)label).Order()
        );
    }

    [Fact]
    public void Words_that_the_model_was_never_taught_are_warned_of_by_name()
    {
        var run = Run([LpossCommand.Street, "-c", "sky, zebra", "--mode", "vlm", .. s_small]).AssertDone();
        string warning = Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
        Assert.Contains("'zebra'", warning, StringComparison.Ordinal);
        Assert.Contains("--model", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("'sky'", warning, StringComparison.Ordinal);
        var document = Run([LpossCommand.Street, "-c", "sky, zebra", "--mode", "vlm", "--json", "-q", .. s_small])
            .AssertDone()
            .Json;
        Assert.Contains(
            "'zebra'",
            Assert.Single(document.GetProperty("warnings").EnumerateArray()).GetString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_broken_image_among_others_is_reported_and_the_others_are_done()
    {
        File.WriteAllText(_folder.At("broken.jpg"), "this is no image");
        File.WriteAllBytes(_folder.At("short.png"), File.ReadAllBytes(LpossCommand.Street)[..3000]);
        string other = Samples.At("orientation6.jpg");
        var run = Run([
            "broken.jpg",
            LpossCommand.Street,
            "short.png",
            other,
            "-c",
            "sky, road",
            "-o",
            "out",
            "--json",
            "-q",
            .. s_small,
        ]);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(["classes.json", "orientation6.png", "street.png"], Names("out"));
        string[] errors = run.Error.TrimEnd('\n').Split('\n');
        Assert.Equal(2, errors.Length);
        Assert.Contains("'broken.jpg'", errors[0], StringComparison.Ordinal);
        Assert.Contains("'short.png'", errors[1], StringComparison.Ordinal);
        var images = run.Json.GetProperty("images").EnumerateArray().ToArray();
        Assert.Equal([true, false, true, false], images.Select(image => image.TryGetProperty("error", out _)));
        Assert.Equal(2, run.Json.GetProperty("failed").GetInt32());
    }

    [Theory]
    [InlineData("gray.jpg", 32, 16)]
    [InlineData("orientation6.jpg", 16, 32)]
    [InlineData("cmyk.jpg", 32, 16)]
    [InlineData("animated.gif", 32, 16)]
    [InlineData("lossy.webp", 32, 16)]
    [InlineData("lzw.tif", 32, 16)]
    public void Images_of_every_format_get_a_label_map_of_their_own_size(string sample, int width, int height)
    {
        Run([Samples.At(sample), "-c", "sky, road", "-o", "out", .. s_small]).AssertDone();
        var labels = LabelMap.Load(_folder.At($"out/{Path.GetFileNameWithoutExtension(sample)}.png"));
        Assert.Equal((width, height), (labels.Width, labels.Height));
    }

    [Fact]
    public void One_pixel_and_sixteen_bits_are_images_too()
    {
        _folder.Save("dot.png", PngBuilder.Build(1, 1, 16, PngFormat.Rgb, [0, 0x12, 0x34, 0x56, 0x78, 0x9A, 0xBC]));
        Run(["dot.png", "-c", "sky, road", "-o", "out", .. s_small]).AssertDone();
        Assert.Equal(1, LabelMap.Load(_folder.At("out/dot.png")).Width);
    }

    [Fact]
    public void The_same_bits_for_any_number_of_threads()
    {
        Run([
                LpossCommand.Street,
                "-c",
                "sky, road",
                "-o",
                "one",
                "--format",
                "labels,scores",
                "--threads",
                "1",
                "--device",
                "cpu",
                .. s_small,
            ])
            .AssertDone();
        Run([
                LpossCommand.Street,
                "-c",
                "sky, road",
                "-o",
                "two",
                "--format",
                "labels,scores",
                "--threads",
                "2",
                "--device",
                "cpu",
                .. s_small,
            ])
            .AssertDone();
        Assert.Equal(File.ReadAllBytes(_folder.At("one/street.png")), File.ReadAllBytes(_folder.At("two/street.png")));
    }

    private string[] Names(string folder) =>
        [
            .. Directory
                .GetFileSystemEntries(_folder.At(folder))
                .Select(path => Path.GetFileName(path)!)
                .Order(StringComparer.Ordinal),
        ];

    private CommandRun Run(params string[] arguments) => LpossCommand.Run(_folder.Root, ["segment", .. arguments]);
}
