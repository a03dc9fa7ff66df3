using System.Globalization;
using Lposs.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace Lposs.Tools.Tests.Evaluation;

/// <summary>
/// For whoever trains new encoders and must find their parameters: each parameter varied by itself around the bundle's
/// value, which should lie on a plateau, not on a peak. It looks at the photographs of the choosing drive, or at
/// rendered scenes.
/// </summary>
/// <remarks>
/// LPOSS_SURVEY: "photographs", or a folder of NAME.png and NAME_labels.png, such as <c>python3 -m mini.scene_files</c>
/// makes. LPOSS_STREET_BUNDLE: the folder of the bundle; the one that comes with lposs if not given.
/// </remarks>
public sealed class StreetSurvey(ITestOutputHelper output)
{
    [SkippableFact]
    public void The_parameters_of_a_bundle_are_surveyed()
    {
        string? what = Environment.GetEnvironmentVariable("LPOSS_SURVEY");
        Skip.If(string.IsNullOrEmpty(what), "a survey of minutes, which runs where LPOSS_SURVEY says on what");
        var photographs = what == "photographs" ? SharedPhotograph.Choosing() : SharedPhotograph.In(what!);
        var model = StreetMeasurement.OpenBundle();

        foreach (int? shortSide in new int?[] { null, 224, 288, 336, 364, 406, 448, 504 })
        {
            using var sized = new StreetMeasurement(model, photographs, shortSide);
            Report(
                $"short side {shortSide?.ToString(CultureInfo.InvariantCulture) ?? "of the bundle"}, vlm",
                sized.Measure(SegmentationMode.Vlm)
            );
            Report("  its lposs", sized.Measure(SegmentationMode.Lposs));
            Report("  its lposs+", sized.Measure(SegmentationMode.LpossPlus));
            Report("  eleven classes", sized.Measure(SegmentationMode.LpossPlus, classes: StreetClasses.Eleven));
        }

        using var usual = new StreetMeasurement(model, photographs);
        var bundle = usual.Parameters;
        void Survey<T>(SegmentationMode mode, string name, T[] values, Func<T, PropagationParameters> with)
        {
            foreach (T value in values)
                Report($"{name} {value}", usual.Measure(mode, with(value)));
        }
        PropagationParameters Patch(PatchGraphParameters graph) => bundle with { PatchGraph = graph };
        PropagationParameters Solve(SolverParameters solver) => bundle with { PatchSolver = solver };
        Survey(SegmentationMode.Lposs, "k", [10, 20, 40, 80, 160, 400], k => Patch(bundle.PatchGraph with { K = k }));
        Survey(
            SegmentationMode.Lposs,
            "gamma",
            [1f, 2f, 3f, 5f, 8f, 12f],
            gamma => Patch(bundle.PatchGraph with { Gamma = gamma })
        );
        Survey(
            SegmentationMode.Lposs,
            "sigma",
            [0f, 0.003f, 0.005f, 0.01f, 0.02f, 0.04f],
            sigma => Patch(bundle.PatchGraph with { Sigma = sigma })
        );
        Survey(
            SegmentationMode.Lposs,
            "centre",
            [false, true],
            centre => Patch(bundle.PatchGraph with { Centre = centre })
        );
        Survey(
            SegmentationMode.Lposs,
            "alpha",
            [0.5f, 0.7f, 0.8f, 0.9f, 0.95f, 0.99f],
            alpha => Solve(bundle.PatchSolver with { Alpha = alpha })
        );
        Survey(
            SegmentationMode.Lposs,
            "subtract_class_mean",
            [false, true],
            subtract => Solve(bundle.PatchSolver with { SubtractClassMean = subtract })
        );
        Survey(
            SegmentationMode.LpossPlus,
            "tau",
            [0.005f, 0.01f, 0.02f, 0.04f],
            tau => bundle with { PixelGraph = bundle.PixelGraph with { Tau = tau } }
        );
        Survey(
            SegmentationMode.LpossPlus,
            "radius",
            [4, 6, 9],
            radius => bundle with { PixelGraph = bundle.PixelGraph with { Radius = radius } }
        );
        Survey(
            SegmentationMode.LpossPlus,
            "pixel alpha",
            [0.9f, 0.95f, 0.99f],
            alpha => bundle with { PixelSolver = bundle.PixelSolver with { Alpha = alpha } }
        );
        Survey(
            SegmentationMode.LpossPlus,
            "pixel subtract_class_mean",
            [false, true],
            subtract => bundle with { PixelSolver = bundle.PixelSolver with { SubtractClassMean = subtract } }
        );
        Report("the paper's", usual.Measure(SegmentationMode.LpossPlus, new PropagationParameters()));
    }

    private void Report(string what, StreetFigures figures) => output.WriteLine($"{what}: {figures}");
}
