using NetVips;
using LazyImage = NetVips.Image;

namespace Lposs.Imaging;

/// <summary>Where the samples of an image lie.</summary>
internal static class SampleStatistics
{
    /// <summary>How many samples may lie outside of an image's own range, on either side.</summary>
    private const double Outside = 0.005;

    // Samples that have no 16 bits are counted in as many steps; step 0 is for those without data.
    private const int Steps = ushort.MaxValue - 1;
    private const double Huge = 3e38;

    /// <summary>The range that <see cref="SampleScale.Auto"/> means. Reads the pixels one to three times.</summary>
    /// <param name="open">Opens the image.</param>
    /// <exception cref="VipsException">The pixels are damaged or missing.</exception>
    public static SampleRange RangeOf(Func<VipsImage> open)
    {
        using VipsImage image = open();
        if (image.Sample == Enums.BandFormat.Ushort)
        {
            using LazyImage colours = image.Colours();
            long[] counts = Histogram(colours);
            if (image.NoData is { } none and >= 0 && none < counts.Length)
                counts[(int)none] = 0;
            return Range(counts, step => step);
        }

        double minimum = WithData(open, Huge, values => values.Min());
        double maximum = WithData(open, -Huge, values => values.Max());
        if (minimum >= maximum)
            return minimum == maximum ? new SampleRange(minimum, minimum + 1) : new SampleRange(0, 1);
        double step = (maximum - minimum) / Steps;
        long[] steps = WithData(
            open,
            minimum - step,
            values =>
            {
                using LazyImage scaled = values.Linear([1 / step], [1.5 - minimum / step]);
                using LazyImage whole = scaled.Cast(Enums.BandFormat.Ushort);
                return Histogram(whole);
            }
        );
        steps[0] = 0;
        return Range(steps, place => minimum + (place - 1) * step);
    }

    /// <summary>Works on an image whose samples without data have another value.</summary>
    private static T WithData<T>(Func<VipsImage> open, double instead, Func<LazyImage, T> work)
    {
        using VipsImage image = open();
        using LazyImage colours = image.Colours();
        using LazyImage? valid = image.Valid(colours);
        using LazyImage? filled = valid?.Ifthenelse(colours, instead);
        return work(filled ?? colours);
    }

    /// <summary>How many samples there are of each value, all channels together.</summary>
    private static long[] Histogram(LazyImage image)
    {
        using LazyImage histogram = image.HistFind();
        uint[] counts = histogram.WriteToMemory<uint>();
        long[] sums = new long[histogram.Width];
        for (int i = 0; i < counts.Length; i++)
            sums[i / histogram.Bands] += counts[i];
        return sums;
    }

    private static SampleRange Range(long[] counts, Func<int, double> valueOf)
    {
        long outside = (long)(counts.Sum() * Outside);
        int low = 0,
            high = counts.Length - 1;
        for (long below = counts[low]; below <= outside && low < high; below += counts[low])
            low++;
        for (long above = counts[high]; above <= outside && high > low; above += counts[high])
            high--;
        return new SampleRange(valueOf(low), valueOf(Math.Max(high, low + 1)));
    }
}
