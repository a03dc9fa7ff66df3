using System.Text.Json;
using Lposs.Imaging;
using Lposs.Tests.Support;
using Lposs.Tools.Datasets;
using Xunit;

namespace Lposs.Cli.Tests;

/// <summary>lposs eval run and oracle on small data sets in the layouts of the eight benchmarks.</summary>
public sealed class EvalDatasetTests : IDisposable
{
    private static readonly string[] s_quick = ["--mode", "vlm", "--short-side", "112", "--device", "cpu"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private CommandRun Run(params string[] arguments) => LpossCommand.Run(_folder.Root, ["eval", .. arguments]);

    private JsonElement Result(params string[] arguments)
    {
        var run = Run([.. arguments, "--json"]);
        Assert.True(run.ExitCode == 0, run.Error);
        return JsonDocument.Parse(run.Output).RootElement;
    }

    private static string Folder(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>Images and label maps where a benchmark has them, below "data"; some labels are 0 and 255.</summary>
    private string[] Make(string dataset, int count = 3, int width = 60, int height = 44)
    {
        var layout = DatasetLayout.Find(dataset)!;
        int classes = ClassSets.Find(dataset)!.Classes.Length;
        string root = _folder.At(Path.Combine("data", layout.Parents[^1]));
        var random = new Random(8);
        string[] names =
        [
            .. Enumerable.Range(0, count).Select(i => dataset == "cityscapes" ? $"town{i % 2}/p{i}" : $"p{i}"),
        ];
        foreach (string name in names)
        {
            byte[] pixels = new byte[width * height * 3];
            random.NextBytes(pixels);
            // By its contents it is a PNG; the ending is the benchmark's.
            PngFile.WriteRgb(
                Folder(Path.Combine(root, layout.Images, name + layout.ImageEnding)),
                new Image(width, height, pixels)
            );
            ushort[] labels = new ushort[width * height];
            for (int i = 0; i < labels.Length; i++)
                labels[i] = (ushort)(
                    i % width / 20 == 0
                        ? 255
                        : i / width / 11 * (classes - 1) / 3 + (layout.ReducesZeroLabel ? i % width / 40 : 0)
                );
            LabelPng.Write(
                Folder(Path.Combine(root, layout.Truths, name + layout.TruthEnding)),
                new LabelMap(width, height, labels),
                Palette.Voc
            );
        }
        if (layout.List is { } list)
            File.WriteAllLines(Folder(Path.Combine(root, list)), names);
        return names;
    }

    [Theory]
    [InlineData("voc")]
    [InlineData("voc20")]
    [InlineData("context")]
    [InlineData("context59")]
    [InlineData("coco-object")]
    [InlineData("coco-stuff")]
    [InlineData("cityscapes")]
    [InlineData("ade20k")]
    public void The_figures_of_a_benchmark_are_those_of_its_label_maps(string dataset)
    {
        string[] names = Make(dataset);
        var layout = DatasetLayout.Find(dataset)!;
        string root = _folder.At(Path.Combine("data", layout.Parents[^1]));
        var run = Result(["run", dataset, "data", "-o", "saved", .. s_quick]).GetProperty("results")[0];
        Assert.Equal(names.Length, run.GetProperty("images").GetInt32());
        Assert.All(names, name => Assert.True(File.Exists(_folder.At($"saved/{name}.png"))));

        List<string> arguments =
        [
            "maps",
            "saved",
            Path.Combine(root, layout.Truths),
            "--gt-suffix",
            layout.TruthEnding,
            "-c",
            dataset,
        ];
        if (layout.ReducesZeroLabel)
            arguments.Add("--reduce-zero-label");
        var maps = Result([.. arguments]);
        foreach (string figure in (string[])["miou", "boundary_iou", "pixel_accuracy", "pixels"])
            Assert.Equal(maps.GetProperty(figure).GetDouble(), run.GetProperty(figure).GetDouble());
        // The folder itself does as well as the one that it lies in.
        Assert.Equal(0, Run(["run", dataset, root, "--limit", "1", .. s_quick]).ExitCode);
    }

    [Fact]
    public void The_document_says_what_segmented()
    {
        Make("cityscapes", count: 1);
        var model = Result(["run", "cityscapes", "data", "--templates", "one", "--vm", "vlm", .. s_quick])
            .GetProperty("model");
        Assert.Equal(("mini", "vlm"), (model.GetProperty("name").GetString(), model.GetProperty("vm").GetString()));
        Assert.Equal("a photo of a {}.", Assert.Single(model.GetProperty("templates").EnumerateArray()).GetString());
    }

    [Fact]
    public void Several_modes_are_each_what_one_mode_is()
    {
        Make("cityscapes", count: 2);
        var all = Result(
                "run",
                "cityscapes",
                "data",
                "--mode",
                "vlm,lposs,lposs+",
                "--short-side",
                "112",
                "--device",
                "cpu"
            )
            .GetProperty("results");
        string[] modes = ["vlm", "lposs", "lposs+"];
        for (int i = 0; i < modes.Length; i++)
        {
            var alone = Result(
                    "run",
                    "cityscapes",
                    "data",
                    "--mode",
                    modes[i],
                    "--short-side",
                    "112",
                    "--device",
                    "cpu"
                )
                .GetProperty("results")[0];
            Assert.Equal(modes[i], all[i].GetProperty("variant").GetString());
            Assert.Equal(alone.GetRawText(), all[i].GetRawText());
        }
    }

    [Fact]
    public void Patches_that_the_truth_fits_are_perfect_and_others_are_not()
    {
        // At 448 x 448 the encoders see the image as it is: stripes of 32 pixels are patches.
        var layout = DatasetLayout.Find("cityscapes")!;
        foreach (var (name, stripe) in new[] { ("a/fit", 32), ("b/cut", 23) })
        {
            ushort[] labels = [.. Enumerable.Range(0, 448 * 448).Select(i => (ushort)(i % 448 / stripe % 3))];
            byte[] pixels =
            [
                .. labels.SelectMany(label => new byte[] { (byte)(label * 120), (byte)(250 - label * 110), 90 }),
            ];
            string data = _folder.At($"{name[0]}/cityscapes");
            PngFile.WriteRgb(Folder($"{data}/{layout.Images}/{name}{layout.ImageEnding}"), new Image(448, 448, pixels));
            LabelPng.Write(
                Folder($"{data}/{layout.Truths}/{name}{layout.TruthEnding}"),
                new LabelMap(448, 448, labels),
                Palette.Voc
            );
        }
        var fit = Result("oracle", "cityscapes", "a", "--device", "cpu").GetProperty("results");
        Assert.Equal(1.0, fit[0].GetProperty("miou").GetDouble());
        Assert.Equal(1.0, fit[1].GetProperty("miou").GetDouble());
        var cut = Result("oracle", "cityscapes", "b", "--device", "cpu").GetProperty("results");
        double patches = cut[0].GetProperty("miou").GetDouble();
        double refined = cut[1].GetProperty("miou").GetDouble();
        Assert.InRange(patches, 0.5, 0.99);
        Assert.True(refined > patches, $"{refined} is not above {patches}, though the colours show the stripes");
    }

    [Fact]
    public void What_is_missing_is_named_with_where_it_was_looked_for()
    {
        Make("voc");
        string root = _folder.At("data/VOCdevkit/VOC2012");
        Directory.CreateDirectory(_folder.At("empty"));
        RefusedWith("holds no ade20k: there is no folder", "ade20k", "empty");
        RefusedWith("'nowhere' is not a folder", "voc", "nowhere");
        RefusedWith("there is no benchmark 'imagenet'", "imagenet", "data");
        File.AppendAllText(Path.Combine(root, "ImageSets/Segmentation/val.txt"), "p9\n");
        RefusedWith("p9.jpg' does not exist, and voc has it", "voc", "data");
        File.WriteAllText(Path.Combine(root, "ImageSets/Segmentation/val.txt"), "../p1\n");
        RefusedWith("leads out of the data set", "voc", "data");
        File.Delete(Path.Combine(root, "ImageSets/Segmentation/val.txt"));
        RefusedWith("val.txt' does not exist, the list of voc's validation set", "voc", "data");
        Directory.Delete(Path.Combine(root, "SegmentationClass"), recursive: true);
        RefusedWith("holds no true labels of voc", "voc", "data");
    }

    private void RefusedWith(string sentence, string dataset, string root)
    {
        var run = Run(["run", dataset, root, .. s_quick]);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
    }
}
