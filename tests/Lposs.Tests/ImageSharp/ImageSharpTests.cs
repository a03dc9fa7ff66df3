using Lposs.ImageSharp;
using Lposs.Tests.Support;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;
using Xunit;

namespace Lposs.Tests.ImageSharp;

public sealed class ImageSharpTests
{
    private static readonly ClassList s_classes = ClassList.Parse("sky, road, car");
    private static readonly SegmentationSettings s_settings = new() { ShortSide = 96 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_image_has_the_labels_that_it_has_as_one_of_the_library(bool inPieces)
    {
        var image = TestImages.Scene(120, 96, 3);
        using var other = ImageOf(image, inPieces);
        Assert.Equal(inPieces, !other.DangerousTryGetSinglePixelMemory(out _));
        using var segmenter = new Segmenter(new SegmenterOptions { Device = DevicePreference.Cpu });

        var expected = segmenter.Segment(image, s_classes, s_settings);
        var found = segmenter.Segment(other, s_classes, s_settings);

        Assert.True(expected.Labels.Labels.Span.SequenceEqual(found.Labels.Labels.Span));
        Assert.True(image.Pixels.Span.SequenceEqual(other.ToLpossImage().Pixels.Span));
    }

    [Fact]
    public void A_segmentation_can_be_cancelled()
    {
        using var image = new Image<Rgb24>(8, 8);
        using var segmenter = new Segmenter(new SegmenterOptions { Device = DevicePreference.Cpu });

        Assert.ThrowsAny<OperationCanceledException>(() =>
            segmenter.Segment(image, s_classes, cancellationToken: new CancellationToken(canceled: true))
        );
    }

    [Fact]
    public void Labels_become_gray_levels_and_colours()
    {
        var labels = new LabelMap(3, 2, [0, 1, 2, 3, 4, 255]);

        using var bytes = labels.ToL8();
        using var words = labels.ToL16();
        using var colours = labels.ToRgb24(Palette.Voc);

        for (int y = 0; y < 2; y++)
        {
            for (int x = 0; x < 3; x++)
            {
                Assert.Equal(labels[x, y], bytes[x, y].PackedValue);
                Assert.Equal(labels[x, y], words[x, y].PackedValue);
                var colour = Palette.Voc[labels[x, y]];
                Assert.Equal(new Rgb24(colour.R, colour.G, colour.B), colours[x, y]);
            }
        }
    }

    [Fact]
    public void A_label_above_255_takes_16_bits()
    {
        var labels = new LabelMap(1, 1, [256]);

        Assert.Contains(
            "8 bits hold 0 to 255",
            Assert.Throws<ArgumentException>(() => labels.ToL8()).Message,
            StringComparison.Ordinal
        );
        using var words = labels.ToL16();
        Assert.Equal(256, words[0, 0].PackedValue);
    }

    private static Image<Rgb24> ImageOf(Image image, bool inPieces)
    {
        var configuration = Configuration.Default.Clone();
        configuration.PreferContiguousImageBuffers = !inPieces;
        if (inPieces)
            configuration.MemoryAllocator = new RowAllocator();
        var other = new Image<Rgb24>(configuration, image.Width, image.Height);
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                var colour = image[x, y];
                other[x, y] = new Rgb24(colour.R, colour.G, colour.B);
            }
        }
        return other;
    }

    /// <summary>Gives buffers of a few rows, so that no image is in one piece.</summary>
    private sealed class RowAllocator : MemoryAllocator
    {
        protected override int GetBufferCapacityInBytes() => 2000;

        public override System.Buffers.IMemoryOwner<T> Allocate<T>(
            int length,
            AllocationOptions options = AllocationOptions.None
        ) => new Owner<T>(length);

        private sealed class Owner<T>(int length) : System.Buffers.IMemoryOwner<T>
        {
            public Memory<T> Memory { get; } = new T[length];

            public void Dispose() { }
        }
    }
}
