using Lposs.Imaging;
using Lposs.Tools.Evaluation;
using Xunit;

namespace Lposs.Tools.Tests.Evaluation;

public sealed class ConfusionMatrixTests
{
    [Fact]
    public void Counts_and_measures_are_those_worked_out_by_hand()
    {
        var matrix = new ConfusionMatrix(4);

        matrix.Add(Map(6, 0, 0, 0, 1, 1, 255), Map(6, 0, 0, 1, 1, 2, 0));

        Assert.Equal(2, matrix[0, 0]);
        Assert.Equal(1, matrix[0, 1]);
        Assert.Equal(1, matrix[1, 2]);
        Assert.Equal(5, matrix.PixelCount);
        Assert.Equal(3.0 / 5, matrix.PixelAccuracy);
        // Class 3 occurs nowhere and counts for nothing; class 2 was only predicted and counts as 0.
        Assert.Equal([2.0 / 3, 1.0 / 3, 0, double.NaN], matrix.IntersectionOverUnion.ToArray());
        Assert.Equal(1.0 / 3, matrix.MeanIntersectionOverUnion, 1e-12);
    }

    [Fact]
    public void Images_add_up()
    {
        var once = new ConfusionMatrix(2);
        var twice = new ConfusionMatrix(2);
        once.Add(Map(4, 0, 1, 1, 0), Map(4, 0, 1, 0, 1));
        twice.Add(Map(2, 0, 1), Map(2, 0, 1));
        twice.Add(Map(2, 1, 0), Map(2, 0, 1));

        Assert.Equal(once.IntersectionOverUnion.ToArray(), twice.IntersectionOverUnion.ToArray());
    }

    [Fact]
    public void A_predicted_label_that_is_no_class_is_wrong()
    {
        var matrix = new ConfusionMatrix(2);

        matrix.Add(Map(2, 0, 0), Map(2, 0, 200));

        Assert.Equal(1, matrix[0, 2]);
        Assert.Equal([0.5, double.NaN], matrix.IntersectionOverUnion.ToArray());
    }

    [Fact]
    public void Nothing_at_all_has_no_measure()
    {
        var matrix = new ConfusionMatrix(2);

        Assert.True(double.IsNaN(matrix.MeanIntersectionOverUnion));
        Assert.True(double.IsNaN(matrix.PixelAccuracy));
    }

    [Fact]
    public void Maps_that_cannot_be_compared_are_refused()
    {
        var matrix = new ConfusionMatrix(2);

        Assert.Contains(
            "2 x 1",
            Assert.Throws<LpossException>(() => matrix.Add(Map(1, 0), Map(2, 0, 0))).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "label 7",
            Assert.Throws<LpossException>(() => matrix.Add(Map(1, 7), Map(1, 0))).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConfusionMatrix(0));
    }

    private static LabelMap Map(int width, params ushort[] labels) => new(width, labels.Length / width, labels);
}
