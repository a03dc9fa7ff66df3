using Lposs.Imaging;
using Lposs.Tools.Evaluation;
using Xunit;

namespace Lposs.Tools.Tests.Evaluation;

public sealed class BoundaryIoUTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void A_boundary_is_the_mask_minus_the_mask_eroded_pixel_by_pixel(int distance)
    {
        var random = new Random(7 + distance);
        for (int image = 0; image < 20; image++)
        {
            int width = random.Next(1, 50),
                height = random.Next(1, 50);
            int[] labels = Blocks(random, width, height);

            int[] boundary = [.. labels];
            BoundaryIoU.KeepBoundary(boundary, width, height, distance);

            for (int label = 0; label < 3; label++)
            {
                bool[] mask = [.. labels.Select(l => l == label)];
                bool[] eroded = mask;
                for (int i = 0; i < distance; i++)
                    eroded = Erode(eroded, width, height);
                for (int i = 0; i < mask.Length; i++)
                    Assert.True(
                        !mask[i] || boundary[i] == (eroded[i] ? -1 : label),
                        $"pixel {i} of {width} x {height}, label {label}"
                    );
            }
        }
    }

    [Fact]
    public void Equal_maps_have_one_and_shifted_ones_less()
    {
        var truth = Split(40, 30, 20);
        var boundary = new BoundaryIoU(2);
        boundary.Add(truth, truth);
        Assert.Equal([1.0, 1.0], boundary.PerClass.ToArray());

        var shifted = new BoundaryIoU(2);
        shifted.Add(truth, Split(40, 30, 23));
        Assert.InRange(shifted.Mean, 0.3, 0.95);
        Assert.Equal(1, shifted.DistanceFor(40, 30));
        Assert.Equal(12, shifted.DistanceFor(480, 360));
    }

    [Fact]
    public void One_class_all_over_has_the_frame_of_the_image_as_its_boundary()
    {
        var boundary = new BoundaryIoU(2, dilationRatio: 0.02);
        var truth = new LabelMap(50, 40, new ushort[2000]);
        ushort[] labels = new ushort[2000];
        // A hole far from the frame: its rim is predicted boundary, and nothing is missing from the true one.
        labels[20 * 50 + 25] = 1;
        boundary.Add(truth, new LabelMap(50, 40, labels));

        int frame = 2000 - 48 * 38;
        Assert.Equal((double)frame / (frame + 8), boundary.PerClass[0], 1e-12);
        Assert.Equal(0, boundary.PerClass[1]);
    }

    [Fact]
    public void What_is_to_be_ignored_is_no_class_on_both_sides()
    {
        var boundary = new BoundaryIoU(2);
        boundary.Add(new LabelMap(4, 1, [0, 0, 255, 255]), new LabelMap(4, 1, [0, 0, 1, 0]));

        Assert.Equal([1.0, double.NaN], boundary.PerClass.ToArray());
        Assert.Equal(1, boundary.Mean);
    }

    private static LabelMap Split(int width, int height, int at) =>
        new(width, height, [.. Enumerable.Range(0, width * height).Select(i => (ushort)(i % width < at ? 0 : 1))]);

    private static int[] Blocks(Random random, int width, int height)
    {
        int[] labels = new int[width * height];
        for (int block = 0; block < 6; block++)
        {
            int left = random.Next(width),
                top = random.Next(height),
                label = random.Next(3);
            for (int y = top; y < Math.Min(height, top + 14); y++)
            {
                for (int x = left; x < Math.Min(width, left + 14); x++)
                    labels[y * width + x] = label;
            }
        }
        return labels;
    }

    private static bool[] Erode(bool[] mask, int width, int height)
    {
        bool At(int y, int x) => y >= 0 && x >= 0 && y < height && x < width && mask[y * width + x];
        var eroded = new bool[mask.Length];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                bool all = true;
                for (int dy = -1; dy <= 1; dy++)
                {
                    for (int dx = -1; dx <= 1; dx++)
                        all &= At(y + dy, x + dx);
                }
                eroded[y * width + x] = all;
            }
        }
        return eroded;
    }
}
