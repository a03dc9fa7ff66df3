using Lposs.Bundles;
using Lposs.Tests.Support;
using Lposs.Tools.Batch;
using Lposs.Tools.Formats;
using Xunit;

namespace Lposs.Tools.Tests.Batch;

/// <summary>A folder of results that goes, or loses results, while a batch writes into it.</summary>
public sealed class VanishingFolderTests : IDisposable
{
    private const int Images = 6;

    private readonly TemporaryFolder _folder = new();

    private string Out => _folder.At("out");

    public void Dispose() => _folder.Dispose();

    private async Task<BatchReport> RunAsync(Action<BatchProgress> onProgress)
    {
        using var bundle = DeviceSegmentation.SmallImages();
        var inputs = new BatchInput[Images];
        for (int i = 0; i < Images; i++)
        {
            string path = _folder.At($"p{i}.png");
            PngFile.WriteRgb(path, TestImages.Scene(32, 32, i));
            inputs[i] = new BatchInput($"p{i}.png", path);
        }
        var classes = ClassList.Parse("sky, road");
        var options = new BatchOptions
        {
            Output = Out,
            Compute = new ComputeOptions { Device = DevicePreference.Cpu },
            Settings = new SegmentationSettings { Mode = SegmentationMode.Vlm },
        };
        return await new BatchSegmenter(
            ModelBundle.Open(bundle.Folder),
            classes,
            [ResultFormats.Create("labels", classes)],
            options
        ).RunAsync(new CollectionInputs(inputs), new Hook(onProgress));
    }

    /// <summary>Calls at the third image that is done.</summary>
    private static Action<BatchProgress> AtTheThird(Action action)
    {
        int done = 0;
        return progress =>
        {
            if (progress.Image is not null && ++done == 3)
                action();
        };
    }

    [Fact]
    public async Task An_undisturbed_batch_is_complete() =>
        Assert.True((await RunAsync(_ => { })) is { IsComplete: true, Done: Images });

    [Fact]
    public async Task A_folder_that_is_deleted_is_an_error()
    {
        var failure = await Assert.ThrowsAsync<LpossException>(() =>
            RunAsync(AtTheThird(() => Directory.Delete(Out, recursive: true)))
        );
        Assert.Contains("was deleted or replaced", failure.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public async Task A_folder_that_is_replaced_is_an_error()
    {
        var failure = await Assert.ThrowsAsync<LpossException>(() =>
            RunAsync(
                AtTheThird(() =>
                {
                    Directory.Move(Out, _folder.At("elsewhere"));
                    Directory.CreateDirectory(Out);
                })
            )
        );
        Assert.Contains("was deleted or replaced", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Out));
    }

    [Fact]
    public async Task Results_that_vanish_are_counted_at_the_end_and_made_by_the_next_run()
    {
        var failure = await Assert.ThrowsAsync<LpossException>(() =>
            RunAsync(
                AtTheThird(() =>
                {
                    foreach (string path in Directory.GetFiles(Out, "p*.png").Take(2))
                        File.Delete(path);
                })
            )
        );
        Assert.Contains("results vanished from", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"2 of {Images} images", failure.Message, StringComparison.Ordinal);
        Assert.Contains(
            "\"is_complete\": false",
            File.ReadAllText(Path.Combine(Out, "run.json")),
            StringComparison.Ordinal
        );

        var report = await RunAsync(_ => { });
        Assert.Equal((2, Images - 2), (report.Done, report.DoneBefore));
        Assert.Equal(Images, Directory.GetFiles(Out, "p*.png").Length);
    }

    private sealed class Hook(Action<BatchProgress> action) : IProgress<BatchProgress>
    {
        public void Report(BatchProgress value) => action(value);
    }
}
