using Lposs.Tests.Support;
using Lposs.Tools.Evaluation;
using Xunit;
using Xunit.Abstractions;

namespace Lposs.Tools.Tests.Evaluation;

/// <summary>
/// What the bundled encoders are worth on photographs of a drive on which nothing was chosen. The figures are in the
/// tests' output (<c>dotnet test --logger "console;verbosity=detailed"</c>). LPOSS_STREET_BUNDLE names the folder of
/// another bundle, such as one of another seed.
/// </summary>
public sealed class StreetTests(ITestOutputHelper output)
{
    [SkippableFact]
    public void The_bundled_encoders_segment_streets_and_each_step_betters_the_one_before()
    {
        using var street = new StreetMeasurement(StreetMeasurement.OpenBundle(), SharedPhotograph.HeldOut());

        var vlm = street.Measure(SegmentationMode.Vlm);
        var lposs = street.Measure(SegmentationMode.Lposs);
        var lpossPlus = street.Measure(SegmentationMode.LpossPlus);
        var eleven = street.Measure(SegmentationMode.LpossPlus, classes: StreetClasses.Eleven);
        var elevenVlm = street.Measure(SegmentationMode.Vlm, classes: StreetClasses.Eleven);

        output.WriteLine(
            $"vlm    {vlm}\nlposs  {lposs}\nlposs+ {lpossPlus}\neleven classes, lposs+ {eleven}\neleven classes, vlm  "
                + $"  {elevenVlm}"
        );
        Assert.True(vlm.MeanIoU >= 0.64, $"vlm {vlm}");
        Assert.True(lposs.MeanIoU >= vlm.MeanIoU + 0.02, $"lposs {lposs}; vlm {vlm}");
        Assert.True(lpossPlus.BoundaryIoU >= lposs.BoundaryIoU + 0.02, $"lposs+ {lpossPlus}; lposs {lposs}");
        Assert.True(eleven.MeanIoU >= 0.36, $"eleven classes {eleven}");
    }
}
