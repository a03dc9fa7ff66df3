using Lposs.Imaging;
using Lposs.Tests.Support;
using Lposs.Tools.Evaluation;
using Xunit;
using Xunit.Abstractions;

namespace Lposs.Tools.Tests.Evaluation;

/// <summary>
/// The pixel step on photographs whose true labels were reduced to squares of 16 pixels, each taking the label that
/// most of its pixels have (ties to the lower, unlabelled pixels left out; a square without any is to be ignored).
/// </summary>
public sealed class RefinementTests(ITestOutputHelper output)
{
    private const int Square = 16;
    private const int Ignore = 255;
    private const int PhotographsOfTheReference = 12;

    [SkippableFact]
    public void Refining_coarse_labels_of_photographs_brings_them_nearer_to_the_truth()
    {
        var photographs = SharedPhotograph.All();
        using var refiner = new Refiner(new ComputeOptions { Device = DevicePreference.Cpu });
        var before = new Figures();
        var after = new Figures();
        foreach (var photograph in photographs)
        {
            var truth = SharedPhotograph.Relabel(
                photograph.Labels,
                label => label == SharedPhotograph.Unlabelled ? Ignore : label
            );
            var coarse = Reduce(truth);
            before.Add(truth, coarse);
            after.Add(truth, refiner.Refine(photograph.Image, coarse, Ignore).Labels);
        }

        output.WriteLine($"before {before}\nafter  {after}");
        Assert.True(
            after.Confusion.MeanIntersectionOverUnion >= before.Confusion.MeanIntersectionOverUnion + 0.025,
            $"{before}; {after}"
        );
        Assert.True(after.Boundaries.Mean >= before.Boundaries.Mean + 0.045, $"{before}; {after}");
        if (photographs.Count != PhotographsOfTheReference)
            return;
        // The NumPy reference on the same coarse labels, in double precision.
        Assert.Equal(0.7116, after.Confusion.MeanIntersectionOverUnion, 0.002);
        Assert.Equal(0.6247, after.Boundaries.Mean, 0.002);
    }

    private static LabelMap Reduce(LabelMap truth)
    {
        ushort[] coarse = new ushort[truth.Width * truth.Height];
        for (int top = 0; top < truth.Height; top += Square)
        {
            for (int left = 0; left < truth.Width; left += Square)
            {
                int bottom = Math.Min(top + Square, truth.Height),
                    right = Math.Min(left + Square, truth.Width);
                int[] counts = new int[SharedPhotograph.ClassCount];
                for (int y = top; y < bottom; y++)
                {
                    foreach (ushort label in truth.Row(y)[left..right])
                    {
                        if (label != Ignore)
                            counts[label]++;
                    }
                }
                int most = counts.Max() == 0 ? Ignore : Array.IndexOf(counts, counts.Max());
                for (int y = top; y < bottom; y++)
                    coarse.AsSpan(y * truth.Width + left, right - left).Fill((ushort)most);
            }
        }
        return new LabelMap(truth.Width, truth.Height, coarse);
    }

    private sealed class Figures
    {
        public ConfusionMatrix Confusion { get; } = new(SharedPhotograph.ClassCount, Ignore);

        public BoundaryIoU Boundaries { get; } = new(SharedPhotograph.ClassCount, Ignore);

        public void Add(LabelMap truth, LabelMap prediction)
        {
            Confusion.Add(truth, prediction);
            Boundaries.Add(truth, prediction);
        }

        public override string ToString() =>
            $"mIoU {Confusion.MeanIntersectionOverUnion:f4}, Boundary IoU {Boundaries.Mean:f4}";
    }
}
