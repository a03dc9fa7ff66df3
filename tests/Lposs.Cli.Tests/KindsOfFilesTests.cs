using System.Diagnostics;
using System.Text.Json;
using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Cli.Tests;

/// <summary>One folder with every kind of file that people have: what can be done is done, and the others are
/// named.</summary>
public sealed class KindsOfFilesTests : IDisposable
{
    private static readonly string[] s_quick =
    [
        "-c",
        "sky, road",
        "--mode",
        "vlm",
        "--short-side",
        "96",
        "--device",
        "cpu",
    ];

    private readonly TemporaryFolder _folder = new();

    public KindsOfFilesTests()
    {
        Directory.CreateDirectory(_folder.At("all/below"));
        Save("street.png", File.ReadAllBytes(LpossCommand.Street));
        Save("below/street.png", File.ReadAllBytes(LpossCommand.Street));
        foreach (
            string sample in (string[])["baseline.jpg", "still.avif", "animated.gif", "lossy.webp", "orientation6.tif"]
        )
            Save(sample, Samples.Bytes(sample));
        Save("renamed.jfif", Samples.Bytes("baseline.jpg"));
        byte[] jpeg = Samples.Bytes("baseline.jpg");
        Save("cut.jpg", jpeg[..300]);
        int scan = jpeg.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]) + 14;
        (jpeg[scan + 3], jpeg[scan + 4]) = (0xFF, 0xD3);
        Save("hole.jpg", jpeg);
        Save("text.png", "A street, a tree and a car.\n"u8.ToArray());
        Save("empty.png", []);
        Save("notes.txt", "x"u8.ToArray());
        Save("photo.heic", "x"u8.ToArray());
        Save("back\\slash.jpg", Samples.Bytes("baseline.jpg"));
        Save(new string('n', 248) + ".jpg", Samples.Bytes("baseline.jpg"));
        Directory.CreateSymbolicLink(_folder.At("all/circle"), _folder.At("all"));
        using var mkfifo = Process.Start("mkfifo", [_folder.At("all/pipe.png")]);
        mkfifo.WaitForExit();
    }

    public void Dispose() => _folder.Dispose();

    private void Save(string name, byte[] contents) => File.WriteAllBytes(_folder.At("all/" + name), contents);

    private CommandRun Batch(params string[] more) =>
        LpossCommand.Run(_folder.Root, ["batch", "all", "-o", "out", .. s_quick, .. more]);

    private string[] Failed() =>
        [
            .. File.ReadLines(_folder.At("out/errors.jsonl"))
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("name").GetString()!)
                .Order(StringComparer.Ordinal),
        ];

    [Fact]
    public void A_collection_of_all_kinds_ends_with_the_good_ones_done_and_the_others_named()
    {
        var run = Batch();
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(["back\\slash.jpg", "cut.jpg", "empty.png", "text.png"], Failed());
        string[] done =
        [
            .. Directory
                .EnumerateFiles(_folder.At("out"), "*.png", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(_folder.At("out"), path))
                .Order(StringComparer.Ordinal),
        ];
        Assert.Equal(
            [
                "animated.png",
                "baseline.png",
                "below/street.png",
                "hole.png",
                "lossy.png",
                new string('n', 248) + ".png",
                "orientation6.png",
                "renamed.png",
                "still.png",
                "street.png",
            ],
            done
        );
        Assert.Contains("'hole.jpg' may be wrong in places", run.Error, StringComparison.Ordinal);
        Assert.Contains("1 .heic, 1 .txt, 1 a pipe", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected failure", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Strict_refuses_what_is_damaged()
    {
        Batch("--strict");
        Assert.Contains("hole.jpg", Failed());
        Assert.False(File.Exists(_folder.At("out/hole.png")));
    }

    [Fact]
    public void A_damaged_image_is_warned_of_and_the_option_named_that_takes_it()
    {
        string[] segment = ["segment", "all/hole.jpg", "-o", "one", .. s_quick];
        var run = LpossCommand.Run(_folder.Root, [.. segment, "--json"]);
        run.AssertDone();
        Assert.Contains(
            "Corrupt JPEG data",
            run.Json.GetProperty("images")[0].GetProperty("warnings")[0].GetString(),
            StringComparison.Ordinal
        );
        var refused = LpossCommand.Run(_folder.Root, [.. segment, "--strict", "--quiet"]);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("without --strict it is read", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0,0")]
    [InlineData("5,1")]
    [InlineData("bright")]
    [InlineData("0,nan")]
    public void A_scale_that_is_none_is_refused(string scale) =>
        LpossCommand
            .Run(_folder.Root, ["segment", "all/street.png", "-o", "one", .. s_quick, "--scale", scale])
            .AssertRefused(2, $"--scale is '{scale}'");

    [Theory]
    [InlineData("all", "'all' is a folder; lposs batch does folders")]
    [InlineData("https://example.org/street.jpg", "is an address on the net; fetch it, and name the file")]
    public void What_is_no_file_is_refused_with_what_to_do(string image, string sentence)
    {
        var run = LpossCommand.Run(_folder.Root, ["segment", image, "-o", "one", .. s_quick]);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_minus_is_standard_input()
    {
        LpossCommand
            .RunInShell(_folder.Root, "exec \"$0\" \"$@\" <all/street.png", ["segment", "-", "-o", "one", .. s_quick])
            .AssertDone();
        LpossCommand.Run(_folder.Root, ["segment", "all/street.png", "-o", "one", .. s_quick]).AssertDone();
        Assert.Equal(File.ReadAllBytes(_folder.At("one/street.png")), File.ReadAllBytes(_folder.At("one/stdin.png")));
    }

    [Fact]
    public void Lists_have_remarks_and_empty_lines()
    {
        File.WriteAllText(_folder.At("list.txt"), "# images\n\nall/street.png\n  # more\nall/baseline.jpg\n");
        LpossCommand.Run(_folder.Root, ["batch", "@list.txt", "-o", "out", .. s_quick]).AssertDone();
        Assert.True(File.Exists(_folder.At("out/street.png")) && File.Exists(_folder.At("out/baseline.png")));
    }

    [Fact]
    public void A_name_that_is_not_utf8_is_named_with_how_to_rename_it_and_the_others_are_done()
    {
        // The framework cannot remove such a name.
        const string Script = """
            mkdir names
            cp all/street.png names/a.png
            cp all/street.png "$(printf 'names/b\351.png')"
            "$0" "$@"
            code=$?
            rm -r names
            exit $code
            """;
        var run = LpossCommand.RunInShell(_folder.Root, Script, ["batch", "names", "-o", "out", .. s_quick]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("its name is not UTF-8; rename it", run.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.At("out/a.png")));
        Assert.Single(Failed());
    }

    [Fact]
    public void Negative_labels_are_explained()
    {
        // [2, 2] int32, one of them -100.
        byte[] header = System.Text.Encoding.ASCII.GetBytes(
            "{'descr': '<i4', 'fortran_order': False, 'shape': (2, 2), }".PadRight(117) + "\n"
        );
        byte[] labels = [0, 0, 0, 0, 0x9C, 0xFF, 0xFF, 0xFF, 1, 0, 0, 0, 1, 0, 0, 0];
        Save("labels.npy", [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header, .. labels]);
        LpossCommand
            .Run(
                _folder.Root,
                "refine",
                "--image",
                "all/street.png",
                "--labels",
                "all/labels.npy",
                "-o",
                "x.png",
                "--device",
                "cpu"
            )
            .AssertRefused(1, "it holds -100", "255 is what others mark with it: pixels to ignore");
    }
}
