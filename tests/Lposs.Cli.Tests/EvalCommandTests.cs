using System.Globalization;
using System.Text.Json;
using Lposs.Imaging;
using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Cli.Tests;

public sealed class EvalCommandTests : IDisposable
{
    private const int ClassCount = 5;

    private readonly TemporaryFolder _folder = new();

    public EvalCommandTests()
    {
        Directory.CreateDirectory(_folder.At("gt/deep"));
        Directory.CreateDirectory(_folder.At("pred/deep"));
    }

    public void Dispose() => _folder.Dispose();

    private CommandRun Run(params string[] more) =>
        LpossCommand.Run(_folder.Root, ["eval", "maps", "pred", "gt", .. more]);

    private JsonElement Result(params string[] more)
    {
        var run = Run([.. more, "--json"]);
        Assert.True(run.ExitCode == 0, run.Error);
        return JsonDocument.Parse(run.Output).RootElement;
    }

    private void Write(string path, LabelMap labels) => labels.SavePng(_folder.At(path), Palette.Voc);

    /// <summary>Blocks of random labels, so that there are regions and boundaries.</summary>
    private static LabelMap Blocks(Random random, int width, int height, params ushort[] labels)
    {
        const int Block = 9;
        int columns = (width + Block - 1) / Block;
        ushort[] blocks =
        [
            .. Enumerable
                .Range(0, columns * ((height + Block - 1) / Block))
                .Select(_ => labels[random.Next(labels.Length)]),
        ];
        ushort[] map = new ushort[width * height];
        for (int i = 0; i < map.Length; i++)
            map[i] = blocks[i / width / Block * columns + i % width / Block];
        return new LabelMap(width, height, map);
    }

    private void WritePairs(int count)
    {
        var random = new Random(3);
        for (int i = 0; i < count; i++)
        {
            string name = $"{(i % 2 == 0 ? "" : "deep/")}p{i}.png";
            int width = random.Next(20, 150),
                height = random.Next(20, 150);
            Write("gt/" + name, Blocks(random, width, height, 0, 1, 2, 3, 255));
            Write("pred/" + name, Blocks(random, width, height, 0, 1, 2, 3));
        }
    }

    [SkippableFact]
    public void The_figures_are_those_of_NumPy_and_OpenCV()
    {
        WritePairs(7);
        string[] files =
        [
            .. Directory
                .EnumerateFiles(_folder.At("gt"), "*.png", SearchOption.AllDirectories)
                .SelectMany(truth => new[] { truth, truth.Replace("/gt/", "/pred/", StringComparison.Ordinal) }),
        ];
        RequireSame(Measure(ClassCount, 255, files), Result("--class-count", "5", "--threads", "3"));
    }

    [SkippableFact]
    public void On_photographs_the_figures_are_those_of_NumPy_and_OpenCV()
    {
        var photographs = SharedPhotograph.All();
        var files = new List<string>();
        var random = new Random(4);
        foreach (var photograph in photographs)
        {
            Write($"gt/{photograph.Name}.png", photograph.Labels);
            // A prediction with mistakes: the truth moved by some pixels, and blocks of it called otherwise.
            var noise = Blocks(random, photograph.Labels.Width, photograph.Labels.Height, 0, 0, 0, 0, 1, 3);
            ushort[] moved =
            [
                .. Enumerable
                    .Range(0, photograph.Labels.Labels.Length)
                    .Select(i =>
                    {
                        ushort label = photograph.Labels.Labels.Span[Math.Max(0, i - 5)];
                        return (ushort)((label + noise.Labels.Span[i]) % SharedPhotograph.ClassCount);
                    }),
            ];
            Write(
                $"pred/{photograph.Name}.png",
                new LabelMap(photograph.Labels.Width, photograph.Labels.Height, moved)
            );
            files.AddRange([_folder.At($"gt/{photograph.Name}.png"), _folder.At($"pred/{photograph.Name}.png")]);
        }
        RequireSame(
            Measure(SharedPhotograph.ClassCount, SharedPhotograph.Unlabelled, files),
            Result("--class-count", "11", "--ignore", "11")
        );
    }

    [Fact]
    public void The_figures_are_those_of_a_count_by_hand()
    {
        // 4 x 2: truth 0 0 1 1 / 0 0 1 255, prediction 0 1 1 1 / 0 0 0 0.
        Write("gt/a.png", new LabelMap(4, 2, [0, 0, 1, 1, 0, 0, 1, 255]));
        Write("pred/a.png", new LabelMap(4, 2, [0, 1, 1, 1, 0, 0, 0, 0]));
        var result = Result("-c", "left, right, never", "--confusion", "confusion.csv");
        // left: 3 of 5; right: 2 of 4; never occurs nowhere.
        Assert.Equal((3 / 5.0 + 2 / 4.0) / 2, result.GetProperty("miou").GetDouble(), 12);
        Assert.Equal(5 / 7.0, result.GetProperty("pixel_accuracy").GetDouble(), 12);
        Assert.False(result.GetProperty("classes")[2].TryGetProperty("iou", out _));
        Assert.Equal(
            "truth,left,right,never,none\nleft,3,1,0,0\nright,1,2,0,0\nnever,0,0,0,0\n",
            File.ReadAllText(_folder.At("confusion.csv"))
        );
    }

    [Fact]
    public void A_truth_of_0_and_255_is_explained_and_what_never_occurs_is_said()
    {
        Write("gt/a.png", new LabelMap(4, 2, [0, 0, 255, 255, 0, 0, 255, 0]));
        Write("pred/a.png", new LabelMap(4, 2, [0, 0, 0, 0, 0, 0, 0, 0]));
        var run = Run("-c", "sky, road");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("the truth never holds 'road'", run.Error, StringComparison.Ordinal);
        Assert.Contains("the truth holds 0 and 255 alone", run.Error, StringComparison.Ordinal);
        Assert.Contains("37.5 % of the truth", run.Output, StringComparison.Ordinal);

        Write("gt/a.png", new LabelMap(4, 2, [0, 0, 1, 1, 0, 0, 255, 0]));
        Assert.DoesNotContain("the truth", Run("-c", "sky, road").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        WritePairs(9);
        Assert.Equal(
            Run("--class-count", "5", "--json", "--threads", "1").Output,
            Run("--class-count", "5", "--json", "--threads", "4").Output
        );
    }

    [Fact]
    public void Zero_labels_are_reduced_in_the_truth_alone()
    {
        Write("gt/a.png", new LabelMap(4, 1, [0, 1, 2, 255]));
        Write("pred/a.png", new LabelMap(4, 1, [1, 0, 1, 0]));
        var result = Result("--class-count", "2", "--reduce-zero-label");
        Assert.Equal(1.0, result.GetProperty("miou").GetDouble());
        Assert.Equal(2, result.GetProperty("pixels").GetInt64());
    }

    [Fact]
    public void Endings_pair_files_that_are_called_otherwise()
    {
        Write("gt/a_labelTrainIds.png", new LabelMap(1, 1, [0]));
        Write("gt/a_colour.png", new LabelMap(1, 1, [200]));
        Write("pred/a_pred.png", new LabelMap(1, 1, [0]));
        Assert.Equal(
            1,
            Result("--class-count", "1", "--gt-suffix", "_labelTrainIds.png", "--pred-suffix", "_pred.png")
                .GetProperty("images")
                .GetInt32()
        );
    }

    [Fact]
    public void Mistakes_are_named()
    {
        Write("gt/a.png", new LabelMap(2, 1, [0, 7]));
        RefusedWith("'pred' holds no file that ends with '.png'", "--class-count", "2");
        Write("pred/b.png", new LabelMap(2, 1, [0, 0]));
        RefusedWith("'pred' lacks 'a.png', of which 'gt' holds the truth", "--class-count", "2");
        Write("pred/a.png", new LabelMap(2, 1, [0, 0]));
        RefusedWith("a.png' has the label 7; it may be 0 to 1, or 255", "--class-count", "2");
        Write("pred/a.png", new LabelMap(1, 1, [0]));
        RefusedWith("has 1 x 1 pixels, and", "--class-count", "8");
        RefusedWith("either --classes or --class-count");
        RefusedWith("--ignore is 1, the label of class '1'", "--class-count", "8", "--ignore", "1");
    }

    private void RefusedWith(string sentence, params string[] arguments)
    {
        var run = Run(arguments);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
    }

    private static JsonElement Measure(int classes, int ignore, IEnumerable<string> files)
    {
        string[] arguments =
        [
            Repository.PathOf("tests/evaluation/measure.py"),
            classes.ToString(CultureInfo.InvariantCulture),
            ignore.ToString(CultureInfo.InvariantCulture),
            .. files,
        ];
        return JsonDocument.Parse(PythonScript.Run("python3-numpy, python3-opencv", arguments).Output).RootElement;
    }

    private static void RequireSame(JsonElement expected, JsonElement actual)
    {
        foreach (string figure in (string[])["miou", "boundary_iou", "pixel_accuracy", "pixels"])
            Assert.Equal(expected.GetProperty(figure).GetDouble(), actual.GetProperty(figure).GetDouble(), 1e-9);
        var classes = actual.GetProperty("classes");
        for (int c = 0; c < classes.GetArrayLength(); c++)
        {
            RequireSame(expected.GetProperty("iou")[c], classes[c], "iou");
            RequireSame(expected.GetProperty("boundary")[c], classes[c], "boundary_iou");
        }
    }

    private static void RequireSame(JsonElement expected, JsonElement c, string figure)
    {
        bool isDefined = c.TryGetProperty(figure, out var actual);
        Assert.Equal(expected.ValueKind != JsonValueKind.Null, isDefined);
        if (isDefined)
            Assert.Equal(expected.GetDouble(), actual.GetDouble(), 1e-9);
    }
}
