using Lposs.Imaging;
using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Cli.Tests;

/// <summary><c>lposs refine</c> on images whose right answer is known, and what it refuses.</summary>
public sealed class RefineCommandTests : IDisposable
{
    private const int Side = 48;

    private readonly TemporaryFolder _folder = new();

    /// <summary>A disc of one colour on another; its coarse labels are right in the middle of 8 x 8 blocks
    /// only.</summary>
    public RefineCommandTests()
    {
        byte[] pixels = new byte[Side * Side * 3];
        ushort[] truth = new ushort[Side * Side];
        for (int i = 0; i < truth.Length; i++)
        {
            truth[i] = (ushort)(IsInDisc(i / Side, i % Side) ? 7 : 2);
            (pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]) =
                truth[i] == 7 ? ((byte)200, (byte)60, (byte)40) : ((byte)70, (byte)110, (byte)180);
        }
        PngFile.WriteRgb(_folder.At("disc.png"), new Image(Side, Side, pixels));
        Truth = new LabelMap(Side, Side, truth);
        ushort[] coarse = new ushort[truth.Length];
        for (int i = 0; i < coarse.Length; i++)
            coarse[i] = truth[(i / Side / 8 * 8 + 4) * Side + i % Side / 8 * 8 + 4];
        Coarse = new LabelMap(Side, Side, coarse);
        Coarse.SavePng(_folder.At("coarse.png"), Palette.Voc);
    }

    private LabelMap Truth { get; }

    private LabelMap Coarse { get; }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Coarse_labels_come_to_follow_the_edge()
    {
        Run("--labels", "coarse.png", "-o", "sharp.png").AssertDone();
        var sharp = LabelMap.Load(_folder.At("sharp.png"));
        Assert.True(Agreement(Coarse) < 0.97, "the test's coarse labels are to be wrong at the edge");
        Assert.Equal(1, Agreement(sharp));
    }

    [Fact]
    public void Pixels_of_the_ignored_label_take_what_their_neighbours_say()
    {
        ushort[] partly = [.. Coarse.Labels.ToArray().Select((label, i) => i % 3 == 0 ? (ushort)9 : label)];
        LabelPng.Write(_folder.At("partly.png"), new LabelMap(Side, Side, partly), Palette.Voc);
        Run("--labels", "partly.png", "--ignore", "9", "-o", "sharp.png").AssertDone();
        Assert.Equal(1, Agreement(LabelMap.Load(_folder.At("sharp.png"))));
    }

    [Fact]
    public void A_mask_of_0_and_255_loses_its_object_to_nobody()
    {
        ushort[] mask = [.. Coarse.Labels.ToArray().Select(label => label == 7 ? (ushort)255 : (ushort)0)];
        LabelPng.Write(_folder.At("mask.png"), new LabelMap(Side, Side, mask), Palette.Voc);
        var refused = Run("--labels", "mask.png", "-o", "sharp.png");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--ignore 256 makes 255 a class", refused.Error, StringComparison.Ordinal);
        Run("--labels", "mask.png", "--ignore", "256", "-o", "sharp.png").AssertDone();
        Assert.Equal(
            Truth.Labels.ToArray().Select(label => label == 7 ? 255 : 0),
            LabelMap.Load(_folder.At("sharp.png")).Labels.ToArray().Select(label => (int)label)
        );
        ushort[] partly = [.. Coarse.Labels.ToArray().Select((label, i) => i % 4 == 0 ? (ushort)255 : label)];
        LabelPng.Write(_folder.At("partly.png"), new LabelMap(Side, Side, partly), Palette.Voc);
        var run = Run("--labels", "partly.png", "-o", "sharp.png");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("25 % of 'partly.png' is 255", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Scores_with_the_classes_first_are_refused_or_taken_as_said()
    {
        float[] scores = new float[3 * Side * Side / 2];
        for (int i = 0; i < scores.Length; i++)
            scores[i] = i % 17;
        PngFile.WriteRgb(_folder.At("wide.png"), new Image(Side, Side / 2, new byte[Side * Side / 2 * 3]));
        NpyFile.Write(_folder.At("chw.npy"), [3, Side / 2, Side], scores);
        string[] how = ["refine", "--image", "wide.png", "--scores", "chw.npy", "-o", "out.png", "--device", "cpu"];
        var refused = LpossCommand.Run(_folder.Root, how);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("--layout chw takes it", refused.Error, StringComparison.Ordinal);
        LpossCommand.Run(_folder.Root, [.. how, "--layout", "chw"]).AssertDone();
    }

    [Fact]
    public void Scores_of_another_size_are_resized_to_the_image()
    {
        float[] scores = new float[6 * 6 * 2];
        for (int block = 0; block < 36; block++)
            scores[2 * block + (Truth[block % 6 * 8 + 4, block / 6 * 8 + 4] == 7 ? 1 : 0)] = 1;
        NpyFile.Write<float>(_folder.At("scores.npy"), [6, 6, 2], scores);
        Run("--scores", "scores.npy", "-o", "sharp", "-f", "labels,scores").AssertDone();

        var sharp = LabelMap.Load(_folder.At("sharp/disc.png"));
        int right = Enumerable
            .Range(0, Side * Side)
            .Count(i => sharp.Labels.Span[i] == (Truth.Labels.Span[i] == 7 ? 1 : 0));
        Assert.True(right >= 0.99 * Side * Side, $"{right} of {Side * Side} pixels are right");
        Assert.Equal([Side, Side, 2], NpyFile.ReadSingle(_folder.At("sharp/disc_scores.npy")).Shape.ToArray());
    }

    [Fact]
    public void The_scores_of_labels_have_a_column_for_each_label_that_occurs()
    {
        var document = Run("--labels", "coarse.png", "-f", "scores", "-o", "scores.npy", "--size", "24x30", "--json")
            .AssertDone()
            .Json;
        Assert.Equal([2, 7], document.GetProperty("column_labels").EnumerateArray().Select(label => label.GetInt32()));
        Assert.Equal([24, 30, 2], NpyFile.ReadSingle(_folder.At("scores.npy")).Shape.ToArray());
    }

    [Fact]
    public void Labels_may_be_an_array()
    {
        NpyFile.Write<int>(
            _folder.At("coarse.npy"),
            [Side, Side],
            [.. Coarse.Labels.ToArray().Select(label => (int)label)]
        );
        Run("--labels", "coarse.npy", "-o", "a.png").AssertDone();
        Run("--labels", "coarse.png", "-o", "b.png").AssertDone();
        Assert.Equal(File.ReadAllBytes(_folder.At("b.png")), File.ReadAllBytes(_folder.At("a.png")));
    }

    [Fact]
    public void One_of_scores_and_labels_is_needed_and_no_more()
    {
        Refuse(2, ["--scores", "--labels"], "-o", "a.png");
        Refuse(2, ["both"], "--labels", "coarse.png", "--scores", "s.npy", "-o", "a.png");
        Refuse(2, ["--ignore", "--labels"], "--scores", "s.npy", "--ignore", "3", "-o", "a.png");
    }

    [Fact]
    public void A_place_for_results_is_needed() => Refuse(2, ["--output"], "--labels", "coarse.png");

    [Fact]
    public void An_image_is_no_label_map() =>
        Refuse(1, ["'disc2.png'", "RGB"], "--labels", CopyOfDisc(), "-o", "a.png");

    [Fact]
    public void Labels_that_are_all_ignored_say_nothing()
    {
        LabelPng.Write(_folder.At("void.png"), new LabelMap(2, 2, [255, 255, 255, 255]), Palette.Voc);
        Refuse(1, ["255", "ignored"], "--labels", "void.png", "-o", "a.png");
    }

    [Fact]
    public void Scores_that_are_not_finite_are_named()
    {
        NpyFile.Write<float>(_folder.At("scores.npy"), [1, 1, 2], [0, float.PositiveInfinity]);
        Refuse(1, ["'scores.npy'", "infinite"], "--scores", "scores.npy", "-o", "a.png");
    }

    [Fact]
    public void Memory_that_is_not_there_is_said_with_the_image_the_mebibytes_and_what_helps() =>
        LpossCommand
            .Run(
                _folder.Root,
                [("DOTNET_GCHeapHardLimit", "0x8000000")],
                [
                    "refine",
                    "--image",
                    "disc.png",
                    "--labels",
                    "coarse.png",
                    "-f",
                    "scores",
                    "-o",
                    "a.npy",
                    "--size",
                    "8192x8192",
                ]
            )
            .AssertRefused(1, "not enough memory for 'disc.png'", "512 MiB", "--memory-limit");

    [Theory]
    [InlineData("overlay", "disc_overlay.png")]
    [InlineData("coco", "coco.json")]
    [InlineData("yolo", "yolo/labels/disc.txt")]
    [InlineData("webdataset", "webdataset/shard-000000.tar")]
    public void Every_format_of_the_other_commands_is_written_here_too(string format, string file)
    {
        Run("--labels", "coarse.png", "-f", $"labels,{format}", "-o", "out").AssertDone();
        Assert.True(File.Exists(_folder.At("out/" + file)));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.At("out"), ".*"));
    }

    [Fact]
    public void An_overlay_has_the_size_of_the_image() =>
        Refuse(
            2,
            ["--size is 24x30", "48x48"],
            "--labels",
            "coarse.png",
            "-f",
            "overlay",
            "-o",
            "a.png",
            "--size",
            "24x30"
        );

    [Fact]
    public void Too_little_memory_is_said_with_what_is_needed() =>
        LpossCommand
            .Run(
                _folder.Root,
                "refine",
                "--image",
                LpossCommand.Street,
                "--labels",
                "coarse.png",
                "-o",
                "a.png",
                "--memory-limit",
                "1"
            )
            .AssertRefused(1, "is 1048576 bytes", "take at least", "--memory-limit, in MiB, raises it");

    private static bool IsInDisc(int y, int x) => (y - 23.5) * (y - 23.5) + (x - 21.5) * (x - 21.5) < 17 * 17;

    private double Agreement(LabelMap labels) =>
        Enumerable.Range(0, Side * Side).Average(i => labels.Labels.Span[i] == Truth.Labels.Span[i] ? 1.0 : 0);

    private string CopyOfDisc()
    {
        File.Copy(_folder.At("disc.png"), _folder.At("disc2.png"));
        return "disc2.png";
    }

    private void Refuse(int exitCode, string[] fragments, params string[] arguments)
    {
        string[] before = _folder.Names();
        Run(arguments).AssertRefused(exitCode, fragments);
        Assert.Equal(before, _folder.Names());
    }

    private CommandRun Run(params string[] arguments) =>
        LpossCommand.Run(_folder.Root, ["refine", "--image", "disc.png", .. arguments]);
}
