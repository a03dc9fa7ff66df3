using Lposs.Files;
using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_appears_whole_and_alone()
    {
        AtomicFile.Write(
            _folder.At("a.txt"),
            stream =>
            {
                stream.Write("hel"u8);
                Assert.False(File.Exists(_folder.At("a.txt")));
                stream.Write("lo"u8);
            }
        );
        Assert.Equal("hello", File.ReadAllText(_folder.At("a.txt")));
        Assert.Equal(["a.txt"], _folder.Names());
    }

    [Fact]
    public void What_was_there_stays_when_the_writer_fails()
    {
        AtomicFile.WriteText(_folder.At("a.txt"), "old");
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() =>
            AtomicFile.Write(
                _folder.At("a.txt"),
                stream =>
                {
                    stream.Write("half"u8);
                    throw new InvalidOperationException("the writer's own");
                }
            )
        );
        Assert.Equal("the writer's own", error.Message);
        Assert.Equal("old", File.ReadAllText(_folder.At("a.txt")));
        Assert.Equal(["a.txt"], _folder.Names());
    }

    [Fact]
    public void What_was_there_is_replaced_when_the_writer_succeeds()
    {
        AtomicFile.WriteText(_folder.At("a.txt"), "something long");
        AtomicFile.WriteText(_folder.At("a.txt"), "é");
        Assert.Equal([0xC3, 0xA9], File.ReadAllBytes(_folder.At("a.txt")));
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        IOException error = Assert.Throws<IOException>(() => AtomicFile.WriteText(_folder.At("none/a.txt"), ""));
        Assert.Equal(
            $"cannot write '{_folder.At("none/a.txt")}': the folder '{_folder.At("none")}' does not exist",
            error.Message
        );
    }

    [Fact]
    public void A_folder_is_not_replaced()
    {
        IOException error = Assert.Throws<IOException>(() => AtomicFile.WriteText(_folder.Root, ""));
        Assert.Equal($"cannot write '{_folder.Root}': it is a folder", error.Message);
    }

    [Theory]
    [InlineData("target.txt")]
    [InlineData("nowhere.txt")]
    [InlineData("link.txt")] // to itself
    public void A_symbolic_link_is_replaced_and_what_it_led_to_stays(string target)
    {
        AtomicFile.WriteText(_folder.At("target.txt"), "old");
        File.CreateSymbolicLink(_folder.At("link.txt"), target);
        AtomicFile.WriteText(_folder.At("link.txt"), "new");
        Assert.Equal("new", File.ReadAllText(_folder.At("link.txt")));
        Assert.Null(new FileInfo(_folder.At("link.txt")).LinkTarget);
        Assert.Equal("old", File.ReadAllText(_folder.At("target.txt")));
        Assert.Equal(["link.txt", "target.txt"], _folder.Names());
    }

    [Fact]
    public void The_longest_name_that_a_file_can_have_can_be_written()
    {
        string name = new('n', 255);
        AtomicFile.WriteText(_folder.At(name), "x");
        Assert.Equal([name], _folder.Names());
        var error = Assert.Throws<IOException>(() => AtomicFile.WriteText(_folder.At(name + "n"), "x"));
        Assert.False(AtomicFile.IsOfDisk(error));
        Assert.Equal([name], _folder.Names());
    }

    [Fact]
    public void Leftovers_of_the_dead_go_and_files_of_the_living_stay()
    {
        Directory.CreateDirectory(_folder.At("deep"));
        File.WriteAllText(_folder.At("deep/.lposs-abc.tmp"), "left by a kill");
        File.WriteAllText(_folder.At("deep/.other.tmp"), "somebody else's");
        AtomicFile.Write(
            _folder.At("a.txt"),
            stream =>
            {
                stream.Write("half"u8);
                AtomicFile.RemoveLeftovers(_folder.Root, withFoldersBelow: true);
                stream.Write(" whole"u8);
            }
        );
        Assert.Equal("half whole", File.ReadAllText(_folder.At("a.txt")));
        Assert.Equal(["a.txt", "deep"], _folder.Names());
        Assert.Equal([_folder.At("deep/.other.tmp")], Directory.GetFiles(_folder.At("deep")));
    }

    [Fact]
    public void A_device_is_written_and_not_replaced()
    {
        AtomicFile.WriteText("/dev/null", "gone");
        Assert.Equal(0, new FileInfo("/dev/null").Length);
        using FileStream device = File.OpenRead("/dev/null");
        Assert.Equal(0, device.Read(new byte[1]));
    }

    [Fact]
    public void Relative_names_are_taken_from_the_current_folder()
    {
        string name = Path.GetRelativePath(Environment.CurrentDirectory, _folder.At("a.txt"));
        AtomicFile.WriteText(name, "x");
        Assert.Equal(["a.txt"], _folder.Names());
    }
}
