using System.Globalization;
using Lposs.Models;
using Xunit;
using Xunit.Abstractions;

namespace Lposs.Tests.Evaluation;

/// <summary>
/// What the bundled encoders are worth on street photographs. The figures are in the tests' output
/// (<c>dotnet test --logger "console;verbosity=detailed"</c>).
/// </summary>
public sealed class StreetTests(ITestOutputHelper output)
{
    [SkippableFact]
    public void The_bundled_encoders_segment_streets_and_LPOSS_plus_sharpens_them()
    {
        using var street = new StreetMeasurement(SharedPhotograph.All());

        var vlm = street.Measure(SegmentationMode.Vlm);
        var lposs = street.Measure(SegmentationMode.Lposs);
        var lpossPlus = street.Measure(SegmentationMode.LpossPlus);

        output.WriteLine($"vlm    {vlm}\nlposs  {lposs}\nlposs+ {lpossPlus}");
        Assert.True(vlm.MeanIoU >= 0.57, $"vlm {vlm}");
        Assert.True(lpossPlus.MeanIoU >= vlm.MeanIoU, $"lposs+ {lpossPlus}; vlm {vlm}");
        Assert.True(lpossPlus.BoundaryIoU > vlm.BoundaryIoU, $"lposs+ {lpossPlus}; vlm {vlm}");
    }

    /// <summary>
    /// Each parameter of the bundle varied by itself around its value, for whoever trains new encoders and must find
    /// their parameters: the bundle's value should lie on a plateau, not on a peak.
    /// </summary>
    [SkippableFact]
    public void The_parameters_of_the_bundle_are_surveyed()
    {
        Skip.If(Environment.GetEnvironmentVariable("LPOSS_SURVEY") is not "1", "a survey of minutes, which runs where LPOSS_SURVEY is 1");
        var photographs = SharedPhotograph.All();
        foreach (int? shortSide in new int?[] { null, 336, 350, 378, 406, 448 })
        {
            using var street = new StreetMeasurement(photographs, shortSide);
            Report($"short side {shortSide?.ToString(CultureInfo.InvariantCulture) ?? "of the bundle"}, vlm", street.Measure(SegmentationMode.Vlm));
            Report("  its lposs+", street.Measure(SegmentationMode.LpossPlus));
        }

        using var usual = new StreetMeasurement(photographs);
        var bundle = usual.Parameters;
        PropagationParameters Patch(PatchGraphParameters graph) => bundle with { PatchGraph = graph };
        void Survey<T>(string name, T[] values, Func<T, PropagationParameters> with)
        {
            foreach (T value in values)
                Report($"{name} {value}", usual.Measure(SegmentationMode.LpossPlus, with(value)));
        }
        Survey("k", [10, 20, 30, 50, 100], k => Patch(bundle.PatchGraph with { K = k }));
        Survey("gamma", [2f, 3f, 5f, 8f], gamma => Patch(bundle.PatchGraph with { Gamma = gamma }));
        Survey("sigma", [0.01f, 0.02f, 0.03f, 0.05f], sigma => Patch(bundle.PatchGraph with { Sigma = sigma }));
        Survey("centre", [false, true], centre => Patch(bundle.PatchGraph with { Centre = centre }));
        Survey("alpha", [0.5f, 0.6f, 0.7f, 0.8f, 0.9f, 0.95f], alpha => bundle with { PatchSolver = bundle.PatchSolver with { Alpha = alpha } });
        Survey("subtract_class_mean", [false, true], subtract => bundle with { PatchSolver = bundle.PatchSolver with { SubtractClassMean = subtract } });
        Survey("tau", [0.005f, 0.01f, 0.02f], tau => bundle with { PixelGraph = bundle.PixelGraph with { Tau = tau } });
        Survey("radius", [4, 6, 9], radius => bundle with { PixelGraph = bundle.PixelGraph with { Radius = radius } });
        Survey("pixel alpha", [0.9f, 0.95f, 0.99f], alpha => bundle with { PixelSolver = bundle.PixelSolver with { Alpha = alpha } });
        Report("the paper's", usual.Measure(SegmentationMode.LpossPlus, new PropagationParameters()));
    }

    private void Report(string what, StreetFigures figures) => output.WriteLine($"{what}: {figures}");
}
