using System.Globalization;
using Lposs.Bundles;
using Lposs.Imaging;
using Lposs.Tests.Support;
using Lposs.Tools.Evaluation;

namespace Lposs.Tools.Tests.Evaluation;

/// <summary>
/// Measures a bundle on street photographs, labels compared at the photographs' own size. A photograph is encoded once,
/// so that many settings can be compared.
/// </summary>
internal sealed class StreetMeasurement : IDisposable
{
    private readonly Segmenter _segmenter;
    private readonly (EncodedImage Image, LabelMap Truth)[] _photographs;

    /// <param name="bundle">What is measured.</param>
    /// <param name="photographs">What to measure on; their labels are those of <see cref="SharedPhotograph"/>.</param>
    /// <param name="shortSide">For the encoders; null for the bundle's.</param>
    public StreetMeasurement(ModelBundle bundle, IEnumerable<SharedPhotograph> photographs, int? shortSide = null)
    {
        _segmenter = new Segmenter(bundle, new SegmenterOptions { Device = DevicePreference.Cpu });
        _photographs =
        [
            .. photographs.Select(photograph =>
                (
                    _segmenter.Encode(photograph.Image, new SegmentationSettings { ShortSide = shortSide }),
                    photograph.Labels
                )
            ),
        ];
    }

    /// <summary>The bundle that comes with lposs, or the one in the folder that LPOSS_STREET_BUNDLE names.</summary>
    public static ModelBundle OpenBundle() =>
        Environment.GetEnvironmentVariable("LPOSS_STREET_BUNDLE") is { Length: > 0 } folder
            ? ModelBundle.Open(folder)
            : ModelBundle.OpenDefault();

    /// <summary>The parameters of the bundle.</summary>
    public PropagationParameters Parameters => _segmenter.Bundle.Parameters;

    public StreetFigures Measure(
        SegmentationMode mode,
        PropagationParameters? parameters = null,
        StreetClasses? classes = null
    )
    {
        classes ??= StreetClasses.Six;
        var confusion = new ConfusionMatrix(classes.Labels.Length);
        var boundaries = new BoundaryIoU(classes.Labels.Length);
        foreach (var (image, labels) in _photographs)
        {
            var truth = SharedPhotograph.Relabel(labels, classes.PlaceOf);
            var result = _segmenter.Segment(
                image,
                classes.List,
                new SegmentationSettings { Mode = mode, Parameters = parameters }
            );
            confusion.Add(truth, result.Labels);
            boundaries.Add(truth, result.Labels);
        }
        return new StreetFigures(
            confusion.MeanIntersectionOverUnion,
            boundaries.Mean,
            confusion.PixelAccuracy,
            [.. confusion.IntersectionOverUnion]
        );
    }

    public void Dispose() => _segmenter.Dispose();
}

internal sealed record StreetFigures(double MeanIoU, double BoundaryIoU, double PixelAccuracy, double[] PerClass)
{
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"mIoU {MeanIoU:f4}, Boundary IoU {BoundaryIoU:f4}, pixel accuracy {PixelAccuracy:f4}; per class "
                + $"{string.Join(' ', PerClass.Select(iou => iou.ToString("f3", CultureInfo.InvariantCulture)))}"
        );
}
