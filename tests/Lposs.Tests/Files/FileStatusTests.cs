using System.Diagnostics;
using Lposs.Files;
using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Tests.Files;

public sealed class FileStatusTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_stands_at_a_path_is_told()
    {
        string file = _folder.Save("a", new byte[7]);
        File.CreateSymbolicLink(_folder.At("link"), "a");
        File.CreateSymbolicLink(_folder.At("circle"), "circle");
        using (var mkfifo = Process.Start("mkfifo", [_folder.At("pipe")]))
            mkfifo.WaitForExit();

        Assert.Equal((FileKind.Regular, 7), (FileStatus.Of(file).Kind, FileStatus.Of(file).Bytes));
        Assert.Equal(File.GetLastWriteTimeUtc(file), FileStatus.Of(file).Modified.UtcDateTime);
        Assert.Equal(FileKind.Folder, FileStatus.Of(_folder.Root).Kind);
        Assert.Equal(FileKind.Pipe, FileStatus.Of(_folder.At("pipe")).Kind);
        Assert.Equal(FileKind.Device, FileStatus.Of("/dev/null").Kind);
        Assert.Equal(FileKind.Link, FileStatus.OfLink(_folder.At("link")).Kind);
        Assert.Equal(FileKind.Regular, FileStatus.Of(_folder.At("link")).Kind);
        Assert.Equal(FileKind.Missing, FileStatus.Of(_folder.At("circle")).Kind);
        Assert.Equal(FileKind.Missing, FileStatus.Of(_folder.At("a/b")).Kind);
    }

    [Fact]
    public void A_file_is_the_same_by_every_path()
    {
        Directory.CreateDirectory(_folder.At("images"));
        File.WriteAllText(_folder.At("images/p.png"), "x");
        File.WriteAllText(_folder.At("images/q.png"), "x");
        Directory.CreateSymbolicLink(_folder.At("link"), "images");
        File.CreateSymbolicLink(_folder.At("other.png"), "images/p.png");

        var guard = new FileGuard([_folder.At("link/../images/p.png"), _folder.At("nowhere.png")]);
        Assert.True(guard.WouldReplace(_folder.At("images/p.png")));
        Assert.True(guard.WouldReplace(_folder.At("link/p.png")));
        Assert.False(guard.WouldReplace(_folder.At("images/q.png")));
        Assert.False(guard.WouldReplace(_folder.At("nowhere.png")));
        // A link is replaced, and what it leads to stays.
        Assert.False(guard.WouldReplace(_folder.At("other.png")));
        Assert.True(new FileGuard([_folder.At("other.png")]).WouldReplace(_folder.At("other.png")));
    }

    [Fact]
    public void What_lies_in_a_folder_lies_there_by_every_path()
    {
        Directory.CreateDirectory(_folder.At("out/deep"));
        Directory.CreateDirectory(_folder.At("output"));
        Directory.CreateSymbolicLink(_folder.At("link"), _folder.At("out/deep"));
        var contents = new FolderContents(_folder.At("out"));
        Assert.True(contents.Has(_folder.At("out/a.png")));
        Assert.True(contents.Has(_folder.At("link/a.png")));
        Assert.True(contents.Has(_folder.At("out/deep/none/../a.png")));
        Assert.False(contents.Has(_folder.At("output/a.png")));
        Assert.False(contents.Has(_folder.At("a.png")));
        Assert.False(new FolderContents(_folder.At("none")).Has(_folder.At("none/a.png")));
    }

    [Fact]
    public void Small_files_end()
    {
        string text = _folder.At("a.txt");
        File.WriteAllText(text, "\uFEFFone\r\ntwo");
        Assert.Equal(["one", "two"], SmallFile.ReadLines(text, 20, LpossErrorCode.BatchFailed));
        foreach (var (path, mayBePipe) in (ReadOnlySpan<(string, bool)>)[(text, false), ("/dev/zero", true)])
        {
            var failure = Failing.With(
                LpossErrorCode.BatchFailed,
                () => SmallFile.ReadBytes(path, 5, LpossErrorCode.BatchFailed, mayBePipe)
            );
            Assert.Contains(path, failure.Message, StringComparison.Ordinal);
        }
        var device = Failing.With(
            LpossErrorCode.InvalidBundle,
            () => SmallFile.ReadBytes("/dev/zero", 5, LpossErrorCode.InvalidBundle)
        );
        Assert.Contains("is a device; a file is expected", device.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Work_of_the_dead_goes_and_that_of_the_living_stays()
    {
        Directory.CreateDirectory(_folder.At(".lposs-dead.work"));
        File.WriteAllText(_folder.At(".lposs-dead.work/.lock"), "");
        File.WriteAllText(_folder.At(".lposs-dead.work/half"), "");
        using (var living = new WorkFolder(_folder.Root))
        {
            File.WriteAllText(Path.Combine(living.Folder, "a"), "x");
            using var next = new WorkFolder(_folder.Root);
            Assert.Equal(
                new[] { Path.GetFileName(living.Folder), Path.GetFileName(next.Folder) }.Order(StringComparer.Ordinal),
                _folder.Names()
            );
            living.MoveTo(_folder.At("done"));
            Assert.Equal(["a"], Directory.GetFiles(_folder.At("done")).Select(path => Path.GetFileName(path)));
        }
        Assert.Equal(["done"], _folder.Names());
    }
}
