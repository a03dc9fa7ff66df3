using System.Globalization;
using Lposs.Imaging;
using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Cli.Tests;

/// <summary><c>lposs propagate</c> against the authors' own numbers, and what it refuses.</summary>
public sealed class PropagateCommandTests : IDisposable
{
    private const StringComparison Ordinal = StringComparison.Ordinal;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => GoldenCase.Names;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Lposs_plus_is_what_the_authors_found(string name)
    {
        var golden = new GoldenCase(name);
        golden.Image.SavePng(_folder.At("image.png"));
        Run([.. Arguments(name, golden, "image.png"), "-o", "out", "--format", "labels,scores"]).AssertDone();

        var expected = golden.Expected(SegmentationMode.LpossPlus);
        var scores = NpyFile.ReadSingle(_folder.At("out/image_scores.npy"));
        Assert.Equal(expected.Shape, scores.Shape);
        GoldenCase.AssertScores(expected, scores.Span);
        GoldenCase.AssertLabels(expected, LabelMap.Load(_folder.At("out/image.png")).Labels.Span);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Without_the_pixel_step_it_is_lposs_and_the_image_may_be_an_array(string name)
    {
        var golden = new GoldenCase(name);
        Run([.. Arguments(name, golden, Golden(name, "image")), "--mode", "lposs", "-f", "scores", "-o", "scores.npy"])
            .AssertDone();
        GoldenCase.AssertScores(
            golden.Expected(SegmentationMode.Lposs),
            NpyFile.ReadSingle(_folder.At("scores.npy")).Span
        );
        Assert.Equal(["scores.npy"], _folder.Names());
    }

    [Fact]
    public void The_document_says_what_was_computed_on_and_with()
    {
        var run = Run([.. Sliding, "-o", "labels.png", "--json", "--alpha", "0.9", "--threads", "1", "--device", "cpu"])
            .AssertDone();
        var document = run.Json;
        Assert.Equal("lposs+", document.GetProperty("mode").GetString());
        Assert.Equal("cpu", document.GetProperty("device").GetProperty("core").GetString());
        Assert.Equal(1, document.GetProperty("device").GetProperty("threads").GetInt32());
        Assert.Equal(
            0.9f,
            document.GetProperty("parameters").GetProperty("pixel_solver").GetProperty("alpha").GetSingle()
        );
        Assert.Equal("labels.png", document.GetProperty("outputs").GetProperty("labels").GetString());
        Assert.True(document.GetProperty("milliseconds").GetProperty("total").GetDouble() > 0);
        Assert.Equal(10, document.GetProperty("solves").GetProperty("patch").GetProperty("steps").GetInt32());
    }

    [Fact]
    public void An_unconverged_solve_is_said_to_who_asked_for_convergence_and_is_always_in_the_document()
    {
        const string Warning = "not converged: the patch solve";
        Assert.Equal("", Run([.. Sliding, "-o", "a.png"]).AssertDone().Error);
        foreach (
            string[] asked in (string[][])
                [
                    ["--tolerance", "1e-6"],
                    ["--steps", "10"],
                    ["--verbose"],
                ]
        )
            Assert.Contains(Warning, Run([.. Sliding, "-o", "b.png", .. asked]).AssertDone().Error, Ordinal);
        Assert.Equal("", Run([.. Sliding, "-o", "c.png", "--steps", "1000"]).AssertDone().Error);
        Assert.Equal("", Run([.. Sliding, "-o", "d.png", "--steps", "10", "--quiet"]).AssertDone().Error);
        var document = Run([.. Sliding, "-o", "e.png", "--json"]).AssertDone().Json;
        Assert.Contains(Warning, document.GetProperty("warnings")[0].GetString(), Ordinal);
    }

    [Fact]
    public void The_same_bits_for_any_number_of_threads()
    {
        Run([.. Sliding, "-f", "scores", "-o", "one.npy", "--threads", "1"]).AssertDone();
        Run([.. Sliding, "-f", "scores", "-o", "three.npy", "--threads", "3"]).AssertDone();
        Assert.Equal(File.ReadAllBytes(_folder.At("one.npy")), File.ReadAllBytes(_folder.At("three.npy")));
    }

    [Fact]
    public void Without_a_place_for_results_nothing_is_done() => Refuse(2, ["--output"], Sliding);

    [Fact]
    public void Results_do_not_replace_inputs_or_each_other()
    {
        Refuse(2, ["'a.png'", "2 formats"], [.. Sliding, "-f", "labels,scores", "-o", "a.png"]);
        Refuse(2, ["would replace a file that is read"], [.. Sliding, "-f", "scores", "-o", Golden("sliding", "vm")]);
    }

    [Fact]
    public void A_file_of_another_format_is_not_written_under_a_name_that_says_otherwise() =>
        Refuse(2, ["'a.npy'", "labels writes a .png file"], [.. Sliding, "-o", "a.npy"]);

    [Fact]
    public void Mode_vlm_goes_without_features_of_the_vision_model()
    {
        string[] arguments = Sliding;
        int vm = Array.IndexOf(arguments, "--vm");
        string[] without = [.. arguments[..vm], .. arguments[(vm + 2)..]];
        Run([.. without, "--mode", "vlm", "-o", "vlm.png"]).AssertDone();
        Refuse(2, ["--vm is not given"], [.. without, "-o", "a.png"]);
        Run([.. arguments, "--mode", "vlm", "-o", "same.png"]).AssertDone();
        Assert.Equal(File.ReadAllBytes(_folder.At("vlm.png")), File.ReadAllBytes(_folder.At("same.png")));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_said_before_the_work() =>
        Refuse(1, ["nowhere", "does not exist"], [.. Sliding, "-f", "scores", "-o", "nowhere/a.npy"]);

    [Fact]
    public void Features_that_are_not_finite_are_named()
    {
        var golden = new GoldenCase("sliding");
        golden.Vm.Span[100] = float.NaN;
        NpyFile.Write(_folder.At("vm.npy"), golden.Vm);
        Refuse(1, ["'vm.npy'", "--vm", "NaN"], [.. With("--vm", "vm.npy"), "-o", "a.png"]);
    }

    [Fact]
    public void A_number_of_patches_that_does_not_fit_the_windows_is_said_with_both() =>
        Refuse(1, ["240 patches", "has 88", "--window 224"], [.. With("--window", "224"), "-o", "a.png"]);

    [Fact]
    public void Embeddings_of_another_length_are_named()
    {
        NpyFile.Write<float>(_folder.At("text.npy"), [2, 3], new float[6]);
        Refuse(1, ["'text.npy'", "--text", "[2,3]"], [.. With("--text", "text.npy"), "-o", "a.png"]);
    }

    [Fact]
    public void A_mapping_must_name_classes_that_there_can_be()
    {
        NpyFile.Write<int>(_folder.At("map.npy"), [4], [0, 1, 2, 7]);
        Refuse(1, ["'map.npy'", "class 7", "0 to 3"], [.. Sliding, "--mapping", "map.npy", "-o", "a.png"]);
    }

    [Theory]
    [InlineData("480")]
    [InlineData("0x4")]
    [InlineData("4x")]
    [InlineData("-4x4")]
    public void A_size_is_height_x_width(string size) =>
        Refuse(2, [$"--size is '{size}'", "480x640"], [.. With("--size", size), "-o", "a.png"]);

    [Fact]
    public void A_stride_beyond_the_crop_would_leave_pixels_out() =>
        Refuse(2, ["--stride is 65", "64"], [.. With("--stride", "65"), "-o", "a.png"]);

    private static string[] Sliding => Arguments("sliding", new GoldenCase("sliding"), Golden("sliding", "image"));

    private static string Golden(string name, string array) =>
        Path.Combine(AppContext.BaseDirectory, "golden", name, array + ".npy");

    private static string[] Arguments(string name, GoldenCase golden, string image)
    {
        var expected = golden.Expected(SegmentationMode.LpossPlus);
        static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
        return
        [
            "propagate",
            "--image",
            image,
            "--vm",
            Golden(name, "vm"),
            "--vlm",
            Golden(name, "vlm"),
            "--text",
            Golden(name, "text"),
            "--k",
            Text(golden.K),
            "--window",
            Text(golden.Crop),
            "--stride",
            Text(golden.Stride),
            "--size",
            $"{Text(expected.Shape[0])}x{Text(expected.Shape[1])}",
            .. golden.Mapping.Length == 0 ? Array.Empty<string>() : ["--mapping", Golden(name, "mapping")],
        ];
    }

    /// <summary>The case "sliding" with another value of one option.</summary>
    private static string[] With(string option, string value)
    {
        string[] arguments = Sliding;
        arguments[Array.IndexOf(arguments, option) + 1] = value;
        return arguments;
    }

    private void Refuse(int exitCode, string[] fragments, string[] arguments)
    {
        string[] before = _folder.Names();
        Run(arguments).AssertRefused(exitCode, fragments);
        Assert.Equal(before, _folder.Names());
    }

    private CommandRun Run(string[] arguments) => LpossCommand.Run(_folder.Root, arguments);
}
