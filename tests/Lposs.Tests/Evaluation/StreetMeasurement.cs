using System.Globalization;
using Lposs.Encoding;
using Lposs.Evaluation;
using Lposs.Imaging;
using Lposs.Models;
using Lposs.Segmentation;

namespace Lposs.Tests.Evaluation;

/// <summary>
/// Measures the bundled encoders on the street photographs: six classes, everything else ignored, labels compared at
/// the photographs' own size. A photograph is encoded once, so that many settings can be compared.
/// </summary>
internal sealed class StreetMeasurement : IDisposable
{
    // The labels of the photographs that are the six classes, in the order of the class list.
    private static readonly int[] s_classes = [0, 1, 3, 4, 5, 8];

    private readonly Segmenter _segmenter = new(
        ModelBundle.OpenDefault(), new SegmenterOptions { Device = DevicePreference.Cpu });

    private readonly ClassList _names = ClassList.Parse("sky, building, road, pavement, tree, car");
    private readonly (EncodedPicture Picture, LabelMap Truth)[] _photographs;

    /// <param name="photographs">What to measure on.</param>
    /// <param name="shortSide">For the encoders; null for the bundle's.</param>
    public StreetMeasurement(IEnumerable<SharedPhotograph> photographs, int? shortSide = null) =>
        _photographs = [.. photographs.Select(photograph => (
            _segmenter.Encode(photograph.Picture, new SegmentationSettings { ShortSide = shortSide }),
            SharedPhotograph.Relabel(photograph.Labels, label => Array.IndexOf(s_classes, label) is >= 0 and var c ? c : 255)))];

    /// <summary>The parameters of the bundle.</summary>
    public PropagationParameters Parameters => _segmenter.Bundle.Parameters;

    public StreetFigures Measure(SegmentationMode mode, PropagationParameters? parameters = null)
    {
        var confusion = new ConfusionMatrix(s_classes.Length);
        var boundaries = new BoundaryIoU(s_classes.Length);
        foreach (var (picture, truth) in _photographs)
        {
            var result = _segmenter.Segment(picture, _names, new SegmentationSettings { Mode = mode, Parameters = parameters });
            confusion.Add(truth, result.Labels);
            boundaries.Add(truth, result.Labels);
        }
        return new StreetFigures(
            confusion.MeanIntersectionOverUnion, boundaries.Mean, confusion.PixelAccuracy, [.. confusion.IntersectionOverUnion]);
    }

    public void Dispose() => _segmenter.Dispose();
}

internal sealed record StreetFigures(double MeanIoU, double BoundaryIoU, double PixelAccuracy, double[] PerClass)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"mIoU {MeanIoU:f4}, Boundary IoU {BoundaryIoU:f4}, pixel accuracy {PixelAccuracy:f4}; per class {string.Join(' ', PerClass.Select(iou => iou.ToString("f3", CultureInfo.InvariantCulture)))}");
}
