using Lposs.Bundles;
using Lposs.Pipeline;
using Xunit;

namespace Lposs.Tests.Segmentation;

public sealed class InputImageTests
{
    private static readonly ImageSpec s_paper = new(448, 2048, 224, 112);

    [Theory]
    [InlineData(480, 360, 597, 448)]
    [InlineData(360, 480, 448, 597)]
    [InlineData(448, 448, 448, 448)]
    [InlineData(100, 80, 560, 448)]
    [InlineData(4000, 3000, 597, 448)]
    [InlineData(3000, 448, 2048, 306)]
    [InlineData(10000, 1, 2048, 1)]
    [InlineData(1, 1, 448, 448)]
    public void The_short_side_is_448_unless_the_long_side_would_be_too_long(
        int width,
        int height,
        int newWidth,
        int newHeight
    ) =>
        Assert.Equal(
            new PixelSize(newHeight, newWidth),
            InputImage.SizeFor(width, height, s_paper, new SegmentationSettings())
        );

    [Theory]
    [InlineData(224, null, 299, 224)]
    [InlineData(2048, null, 2731, 2048)]
    [InlineData(2048, 2048, 2048, 1536)]
    [InlineData(null, 400, 400, 300)]
    public void Sides_that_are_asked_for_win(int? shortSide, int? longSide, int newWidth, int newHeight) =>
        Assert.Equal(
            new PixelSize(newHeight, newWidth),
            InputImage.SizeFor(
                480,
                360,
                s_paper,
                new SegmentationSettings { ShortSide = shortSide, LongSide = longSide }
            )
        );

    [Theory]
    [InlineData(0, null, "ShortSide is 0; it may be 1 to 65536.")]
    [InlineData(-5, null, "ShortSide is -5; it may be 1 to 65536.")]
    [InlineData(null, 65_537, "LongSide is 65537; it may be 1 to 65536.")]
    public void Sides_out_of_range_are_refused(int? shortSide, int? longSide, string sentence) =>
        Assert.Equal(
            sentence,
            Assert
                .Throws<ArgumentException>(() =>
                    InputImage.SizeFor(
                        480,
                        360,
                        s_paper,
                        new SegmentationSettings { ShortSide = shortSide, LongSide = longSide }
                    )
                )
                .Message
        );
}
