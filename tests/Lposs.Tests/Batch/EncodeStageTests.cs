using System.Threading.Channels;
using Lposs.Batch;
using Lposs.Imaging;
using Lposs.Models;
using Lposs.Segmentation;
using Lposs.Tests.Encoding;
using Lposs.Tests.Models;
using Lposs.Tests.Segmentation;
using Xunit;

namespace Lposs.Tests.Batch;

public sealed class EncodeStageTests
{
    private const int BatchSize = 4;

    private static readonly SegmentationSettings s_settings = new();

    [Theory]
    [InlineData(32, 4, "a picture of one window leaves room for three")]
    [InlineData(48, 3, "one of two windows for two")]
    [InlineData(80, 1, "one of four fills a run")]
    [InlineData(112, 3, "one of six leaves room for two in its second run")]
    public void What_waits_is_taken_up_to_a_full_run(int width, int taken, string reason)
    {
        using var folder = SharedRunsTests.MeansBundle(OnnxModelFile.PatchMeans(8), 8);
        using var encoders = new SharedRunsTests.Encoders(ModelBundle.Open(folder.Folder), BatchSize);
        var waiting = Waiting([.. Enumerable.Range(0, 9).Select(seed => TestPictures.Scene(32, 32, seed))]);
        var first = Item(TestPictures.Scene(width, 32), "first");

        var attempts = new EncodeStage(encoders.Together, s_settings).Run(first, waiting, CancellationToken.None);

        Assert.True(attempts.Count == taken, $"{reason}, but {attempts.Count} were taken");
        Assert.Equal(9 - taken + 1, waiting.Count);
        AssertEncoded(encoders, attempts);
    }

    [Fact]
    public void A_picture_does_not_wait_for_others()
    {
        using var folder = SharedRunsTests.MeansBundle(OnnxModelFile.PatchMeans(8), 8);
        using var encoders = new SharedRunsTests.Encoders(ModelBundle.Open(folder.Folder), BatchSize);

        var attempts = new EncodeStage(encoders.Together, s_settings).Run(Item(TestPictures.Scene(32, 32), "first"), Waiting(), CancellationToken.None);

        Assert.Single(attempts);
        AssertEncoded(encoders, attempts);
    }

    [Theory]
    [InlineData(0, 340, 4, "hold more than 2147483647 patches")] // while it is prepared
    [InlineData(2, 340, 4, "hold more than 2147483647 patches")]
    [InlineData(2, 400, 3, "more than an array holds")] // in the common run, which it fills
    public void A_picture_that_cannot_be_encoded_fails_alone(int place, int width, int taken, string reason)
    {
        // Windows of 192 pixels at every pixel of a picture that becomes 65,000 pixels long, with patches of one pixel.
        using var folder = SharedRunsTests.MeansBundle(OnnxModelFile.PatchMeans(1), 1, crop: 192, stride: 1);
        using var encoders = new SharedRunsTests.Encoders(ModelBundle.Open(folder.Folder), BatchSize);
        RgbImage[] pictures = [.. Enumerable.Range(0, 4).Select(i => i == place ? TestPictures.Scene(width, 1) : TestPictures.Scene(20, 20, i))];

        var attempts = new EncodeStage(encoders.Together, s_settings).Run(
            Item(pictures[0], "p0"), Waiting(pictures[1..]), CancellationToken.None);

        var failed = Assert.Single(attempts, attempt => attempt.Failure is not null);
        Assert.Same(pictures[place], failed.Item.Picture);
        Assert.Contains(reason, failed.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(taken, attempts.Count);
        AssertEncoded(encoders, [.. attempts.Where(attempt => attempt.Failure is null)]);
    }

    [Fact]
    public void When_a_common_run_fails_each_picture_goes_alone()
    {
        using var folder = SharedRunsTests.MeansBundle(OnnxModelFile.PatchMeansOfOneWindow(8), 8);
        using var encoders = new SharedRunsTests.Encoders(ModelBundle.Open(folder.Folder), BatchSize);
        var stage = new EncodeStage(encoders.Together, s_settings);

        var attempts = stage.Run(Item(TestPictures.Scene(32, 32), "first"), Waiting(TestPictures.Scene(32, 32, 2)), CancellationToken.None);

        Assert.Equal(2, attempts.Count);
        AssertEncoded(encoders, attempts);
        // One that needs a run of two windows shows that the encoder is at fault: that ends the run of the collection.
        Assert.Throws<ModelBundleException>(() =>
            stage.Run(Item(TestPictures.Scene(48, 32), "wide"), Waiting(TestPictures.Scene(32, 32, 3)), CancellationToken.None));
    }

    [Fact]
    public void A_cancelled_run_stops_and_blames_no_picture()
    {
        using var folder = SharedRunsTests.MeansBundle(OnnxModelFile.PatchMeans(8), 8);
        using var encoders = new SharedRunsTests.Encoders(ModelBundle.Open(folder.Folder), BatchSize);
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() =>
            new EncodeStage(encoders.Together, s_settings).Run(Item(TestPictures.Scene(32, 32), "first"), Waiting(), cancellation.Token));
    }

    private static BatchItem Item(RgbImage picture, string name) => new(new BatchInput(name + ".png", name + ".png")) { Picture = picture };

    private static ChannelReader<BatchItem> Waiting(params RgbImage[] pictures)
    {
        var channel = Channel.CreateBounded<BatchItem>(Math.Max(1, pictures.Length));
        for (int i = 0; i < pictures.Length; i++)
            Assert.True(channel.Writer.TryWrite(Item(pictures[i], $"waiting{i}")));
        return channel.Reader;
    }

    private static void AssertEncoded(SharedRunsTests.Encoders encoders, IReadOnlyList<BatchAttempt> attempts)
    {
        foreach (var attempt in attempts)
        {
            Assert.Null(attempt.Failure);
            SharedRunsTests.AssertSame(encoders.Alone.Encode(attempt.Item.Picture!, s_settings, CancellationToken.None), attempt.Item.Encoded!);
            Assert.True(attempt.Item.Milliseconds > 0);
        }
    }
}
