using System.Diagnostics;
using System.Formats.Tar;
using System.Text;
using Lposs.Tests.Support;
using Lposs.Tools.Batch;
using Lposs.Tools.Formats;
using Xunit;

namespace Lposs.Tools.Tests.Batch;

/// <summary>Collections that would lead outside, in circles or nowhere.</summary>
public sealed class HostileInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Make(string name, string contents = "x")
    {
        string path = _folder.At(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, contents);
        return path;
    }

    private static string[] Names(CollectionInputs found) => [.. found.Images.Select(image => image.Name)];

    private static void MakePipe(string path)
    {
        using var mkfifo = Process.Start("mkfifo", [path]);
        mkfifo.WaitForExit();
        Assert.Equal(0, mkfifo.ExitCode);
    }

    [Fact]
    public void Images_that_lie_among_the_results_by_another_path_do_not_count()
    {
        Make("images/a.png");
        Directory.CreateSymbolicLink(_folder.At("link"), _folder.At("images"));
        foreach (var (named, output) in (ReadOnlySpan<(string, string)>)[("images", "link"), ("link", "images")])
        {
            string sentence = Failing
                .With(LpossErrorCode.BatchFailed, () => InputSet.Expand([_folder.At(named)], _folder.At(output)))
                .Message;
            Assert.Contains("the folder of the results; name another", sentence, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Links_to_folders_that_lead_in_a_circle_end()
    {
        Make("images/a.jpg");
        Make("images/deep/b.jpg");
        Make("elsewhere/c.jpg");
        Directory.CreateSymbolicLink(_folder.At("images/self"), ".");
        Directory.CreateSymbolicLink(_folder.At("images/deep/up"), "..");
        Directory.CreateSymbolicLink(_folder.At("images/y"), _folder.At("elsewhere"));
        Directory.CreateSymbolicLink(_folder.At("images/x"), _folder.At("elsewhere"));
        Directory.CreateSymbolicLink(_folder.At("elsewhere/back"), _folder.At("images"));
        // Of two links to one folder the first by name counts.
        Assert.Equal(["a.jpg", "deep/b.jpg", "x/c.jpg"], Names(InputSet.Expand([_folder.At("images")])));
    }

    [Fact]
    public void What_is_no_file_is_left_out_and_counted()
    {
        Make("images/a.png");
        Make("images/b.txt");
        Make("images/c.txt");
        MakePipe(_folder.At("images/p.png"));
        var found = InputSet.Expand([_folder.At("images")]);
        Assert.Equal(["a.png"], Names(found));
        Assert.Equal(
            [
                new LeftOutFiles(".txt", 2, _folder.At("images/b.txt")),
                new LeftOutFiles("a pipe", 1, _folder.At("images/p.png")),
            ],
            found.LeftOut
        );
    }

    [Fact]
    public void A_list_without_end_is_refused() =>
        Assert.Contains(
            "which is the most",
            Failing.With(LpossErrorCode.BatchFailed, () => InputSet.Expand(["@/dev/zero"])).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(".tar")]
    [InlineData("...tar")]
    [InlineData("..tar")]
    [InlineData("a\nb.tar")]
    [InlineData("a\\b.tar")]
    public void A_tar_whose_name_would_lead_outside_is_refused(string name)
    {
        WriteTar(name, ("x.png", "x"));
        Make("good/a.png");
        var found = InputSet.Expand([_folder.At(name), _folder.At("good")]);
        Assert.Equal(["a.png"], Names(found));
        Assert.Contains("rename it", Assert.Single(found.Errors).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_tar_gives_what_lies_before_the_damage_and_stops_nothing_else()
    {
        Make("good/a.png");
        WriteTar("t.tar", ("x.png", "x"), ("y.png", "y"), ("z.png", "z"));
        byte[] whole = File.ReadAllBytes(_folder.At("t.tar"));
        var random = new Random(19);
        for (int i = 0; i < 2000; i++)
        {
            byte[] damaged = [.. whole];
            int changes = random.Next(1, 9);
            for (int change = 0; change < changes; change++)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            if (i % 5 == 0)
                damaged = damaged[..random.Next(damaged.Length)];
            File.WriteAllBytes(_folder.At("t.tar"), damaged);
            long before = GC.GetAllocatedBytesForCurrentThread();
            var found = InputSet.Expand([_folder.At("t.tar"), _folder.At("good")]);
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 16 << 20);
            Assert.Contains("a.png", Names(found));
            Assert.All(found.Errors, error => Assert.Contains("t.tar'", error.Reason, StringComparison.Ordinal));
            Assert.All(found.Images, image => Assert.True(StemPath.IsRelative(image.Name)));
        }
    }

    [Fact]
    public void A_tar_that_promises_a_giant_header_takes_no_memory()
    {
        WriteTar("t.tar", (new string('n', 200) + ".png", "x"));
        byte[] tar = File.ReadAllBytes(_folder.At("t.tar"));
        // The size of the first header, an extension that holds the long name: 1 GiB.
        Encoding.ASCII.GetBytes("10000000000\0").CopyTo(tar.AsSpan(124));
        tar.AsSpan(148, 8).Fill((byte)' ');
        int sum = 0;
        foreach (byte b in tar.AsSpan(0, 512))
            sum += b;
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(tar.AsSpan(148));
        File.WriteAllBytes(_folder.At("t.tar"), tar);

        long before = GC.GetAllocatedBytesForCurrentThread();
        var failure = Failing.With(LpossErrorCode.BatchFailed, () => InputSet.Expand([_folder.At("t.tar")]));
        Assert.Contains("larger than 1 MiB", failure.Message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("/x")]
    [InlineData("a/../../x")]
    [InlineData("a\\x")]
    [InlineData("a\nx")]
    [InlineData("a//x")]
    [InlineData(".lposs/x")]
    [InlineData("..")]
    [InlineData(".")]
    public void No_format_makes_a_path_outside_of_a_name(string stem)
    {
        var classes = ClassList.Parse("../x, ..;/etc/passwd");
        foreach (string name in ResultFormats.Names)
            Assert.Throws<LpossException>(() => ResultFormats.Create(name, classes).Paths(stem));
    }

    [Fact]
    public void Images_whose_results_collide_with_a_folder_fail_alone()
    {
        string[] names = ["a\\b.jpg", "run.json/q.jpg", "x.jpg", "x.png/y.jpg", "z.jpg"];
        var inputs = names.Select(name => new BatchInput(name, name)).ToArray();
        var plan = new BatchPlan(inputs, Shard.Whole, [ResultFormats.Create("labels", ClassList.Parse("a"))]);
        Assert.Equal(["x.jpg", "z.jpg"], plan.Remaining.Select(input => input.Name));
        Assert.Equal(["a\\b.jpg", "run.json/q.jpg", "x.png/y.jpg"], plan.Errors.Select(error => error.Name));
    }

    private void WriteTar(string tar, params (string Name, string Contents)[] members)
    {
        using var stream = File.Create(_folder.At(tar));
        using var writer = new TarWriter(stream, TarEntryFormat.Pax);
        foreach (var (name, contents) in members)
        {
            writer.WriteEntry(
                new PaxTarEntry(TarEntryType.RegularFile, name)
                {
                    DataStream = new MemoryStream(Encoding.UTF8.GetBytes(contents)),
                }
            );
        }
    }
}
