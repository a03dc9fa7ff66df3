using System.Formats.Tar;
using Lposs.Tests.Support;
using Lposs.Tools.Batch;
using Xunit;

namespace Lposs.Tools.Tests.Batch;

public sealed class InputSetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Make(string name, string contents = "x")
    {
        string path = Path.Combine(_folder.Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, contents);
        return path;
    }

    private string[] Names(params string[] arguments) =>
        [
            .. InputSet
                .Expand([
                    .. arguments.Select(argument => argument.Replace("~", _folder.Root, StringComparison.Ordinal)),
                ])
                .Images.Select(input => input.Name),
        ];

    private string Refusal(params string[] arguments) =>
        Failing.With(LpossErrorCode.BatchFailed, () => Names(arguments)).Message;

    [Fact]
    public void A_folder_gives_its_images_by_ending_sorted_and_without_hidden_ones()
    {
        foreach (
            string name in (string[])
                ["b/z.JPG", "a.png", "b/a.webp", "notes.txt", ".hidden.png", ".git/x.png", "B.tiff"]
        )
            Make(name);
        Assert.Equal(["B.tiff", "a.png", "b/a.webp", "b/z.JPG"], Names("~"));
    }

    [Fact]
    public void The_folder_of_the_results_does_not_count()
    {
        Make("a.png");
        Make("out/b.png");
        Assert.Equal(
            ["a.png"],
            InputSet.Expand([_folder.Root], Path.Combine(_folder.Root, "out")).Images.Select(input => input.Name)
        );
    }

    [Fact]
    public void An_image_that_is_named_twice_is_there_once()
    {
        Make("a.png");
        Assert.Equal(["a.png"], Names("~", "~/a.png", "~/*.png"));
    }

    [Fact]
    public void Two_images_of_one_name_are_refused()
    {
        Make("a/x.png");
        Make("b/x.png");
        Assert.Contains("would both be called 'x.png'", Refusal("~/a", "~/b"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("~/*.png", new[] { "a.png", "b[1].png" })]
    [InlineData("~/**/*.png", new[] { "a.png", "b[1].png", "c/d.png", "c/e/f.png" })]
    [InlineData("~/c/*.png", new[] { "d.png" })]
    [InlineData("~/?.png", new[] { "a.png" })]
    [InlineData("~/c/**", new[] { "d.png", "e/f.png" })]
    public void Patterns_match_as_shells_do(string pattern, string[] expected)
    {
        foreach (string name in (string[])["a.png", "b[1].png", "c/d.png", "c/e/f.png", "c/g.txt"])
            Make(name);
        Assert.Equal(expected, Names(pattern));
    }

    [Fact]
    public void What_exists_is_meant_as_it_is_written()
    {
        Make("what*.png");
        Make("whatever.png");
        Make("{1..3}.png");
        Assert.Equal(["what*.png", "{1..3}.png"], Names("~/what*.png", "~/{1..3}.png"));
    }

    [Fact]
    public void A_list_names_paths_relative_to_itself()
    {
        Make("deep/a.png");
        Make("b.png");
        Make("deep/list.txt", "a.png\n\n  ../b.png\r\n");
        Assert.Equal(["a.png", "b.png"], Names("@~/deep/list.txt"));
    }

    [Fact]
    public void Lists_and_files_that_are_not_there_are_named()
    {
        Assert.Contains("nowhere.png' does not exist", Refusal("~/nowhere.png"), StringComparison.Ordinal);
        Assert.Contains("nowhere.txt' does not exist", Refusal("@~/nowhere.txt"), StringComparison.Ordinal);
        Assert.Contains("nothing matches", Refusal("~/*.png"), StringComparison.Ordinal);
        Assert.Contains("there are no images in", Refusal("~"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.tar", new[] { "a.tar" })]
    [InlineData("s-{08..11}.tar", new[] { "s-08.tar", "s-09.tar", "s-10.tar", "s-11.tar" })]
    [InlineData("{1..2}{3..4}", new[] { "13", "14", "23", "24" })]
    [InlineData("{a..b}", new[] { "{a..b}" })]
    public void Brace_ranges_count_with_the_zeros_of_their_first_number(string name, string[] expected) =>
        Assert.Equal(expected, BraceRange.Expand(name));

    [Theory]
    [InlineData("{3..1}", "counts upwards")]
    [InlineData("{0..999999}{0..9}", "names more than")]
    [InlineData("{0..999999999999}", "names more than")]
    public void Brace_ranges_that_cannot_be_meant_are_refused(string name, string sentence) =>
        Assert.Contains(
            sentence,
            Failing.With(LpossErrorCode.BatchFailed, () => BraceRange.Expand(name).Count()).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Members_of_tars_are_read_where_they_lie()
    {
        string longName = new string('n', 120) + ".jpg";
        WriteTar("shard-0.tar", ("k1.jpg", "one"), ("k1.json", "{}"), ("./d/k2.png", "second"), (longName, "third"));
        WriteTar("shard-1.tar", ("k1.jpg", "other"));
        var inputs = InputSet.Expand([Path.Combine(_folder.Root, "shard-{0..1}.tar")]).Images;
        Assert.Equal(
            ["shard-0/d/k2.png", "shard-0/k1.jpg", $"shard-0/{longName}", "shard-1/k1.jpg"],
            inputs.Select(input => input.Name)
        );
        Assert.Equal(
            ["second", "one", "third", "other"],
            inputs.Select(input => System.Text.Encoding.UTF8.GetString(input.Read(100)))
        );
        Assert.Equal("shard-0/d/k2", inputs[0].Stem);
        Assert.Contains(
            "at most 3",
            Assert.Throws<LpossException>(() => inputs[0].Read(3)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Of_a_sample_the_image_is_taken_and_not_its_labels_and_masks()
    {
        WriteTar(
            "data.tar",
            ("a.jpg", "image"),
            ("a.seg.png", "labels"),
            ("a.mask.png", "mask"),
            ("a.json", "{}"),
            ("d/b.left.png", "one eye"),
            ("d/b.right.png", "the other"),
            ("photo.v2.jpg", "no sample")
        );
        string tar = Path.Combine(_folder.Root, "data.tar");
        var found = InputSet.Expand([tar]);
        Assert.Equal(
            ["data/a.jpg", "data/d/b.left.png", "data/d/b.right.png", "data/photo.v2.jpg"],
            found.Images.Select(image => image.Name)
        );
        Assert.Equal([".json", ".mask.png", ".seg.png"], found.LeftOut.Select(kind => kind.Kind));
        var chosen = InputSet.Expand([tar], members: "*.left.png");
        Assert.Equal(["data/d/b.left.png"], chosen.Images.Select(image => image.Name));
    }

    [Theory]
    [InlineData("../k.jpg")]
    [InlineData("/k.jpg")]
    [InlineData("a/../../k.jpg")]
    [InlineData("a\\k.jpg")]
    public void Members_that_would_leave_the_folder_are_refused(string name)
    {
        WriteTar("bad.tar", (name, "x"));
        Assert.Contains("would leave the folder", Refusal("~/bad.tar"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_tar_that_is_none_or_cut_is_refused_or_its_last_image_fails()
    {
        Make("none.tar", new string('x', 2000));
        Assert.Contains("is no tar", Refusal("~/none.tar"), StringComparison.Ordinal);
        WriteTar("cut.tar", ("k.jpg", new string('y', 5000)));
        using (var file = File.OpenWrite(Path.Combine(_folder.Root, "cut.tar")))
            file.SetLength(3000);
        var failure = Record.Exception(() =>
            InputSet
                .Expand([Path.Combine(_folder.Root, "cut.tar")])
                .Images.Select(input => input.Read(10_000))
                .ToArray()
        );
        Assert.Contains("cut.tar", Assert.IsAssignableFrom<Exception>(failure).Message, StringComparison.Ordinal);
    }

    private void WriteTar(string tar, params (string Name, string Contents)[] members)
    {
        using var stream = File.Create(Path.Combine(_folder.Root, tar));
        using var writer = new TarWriter(stream, TarEntryFormat.Pax);
        foreach (var (name, contents) in members)
        {
            writer.WriteEntry(
                new PaxTarEntry(TarEntryType.RegularFile, name)
                {
                    DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(contents)),
                }
            );
        }
    }
}
