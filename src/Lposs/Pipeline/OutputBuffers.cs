using Lposs.Imaging;

namespace Lposs.Pipeline;

/// <summary>Room for what the core writes.</summary>
internal sealed class OutputBuffers
{
    private readonly int _height;
    private readonly int _width;
    private readonly int _classes;
    private readonly ushort[] _labels;
    private readonly float[]? _scores;
    private readonly float[]? _confidence;

    public OutputBuffers(int height, int width, int classes, bool withScores, bool withConfidence)
    {
        if (height < 1 || width < 1 || (long)height * width > LabelMap.MaximumPixels)
            throw new ArgumentException(
                $"the result would have {width} x {height} pixels; it may have 1 to {LabelMap.MaximumPixels}."
            );
        if (withScores && (Int128)height * width * classes > Array.MaxLength)
            throw new ArgumentException(
                $"the scores would be {height} x {width} x {classes} numbers, more than an array holds; ask for "
                    + "labels alone or for a smaller size."
            );
        (_height, _width, _classes) = (height, width, classes);
        _labels = new ushort[height * width];
        _scores = withScores ? new float[height * width * classes] : null;
        _confidence = withConfidence ? new float[height * width] : null;
    }

    public NdArray<float>? Scores => _scores is null ? null : new NdArray<float>([_height, _width, _classes], _scores);

    public NdArray<float>? Confidence =>
        _confidence is null ? null : new NdArray<float>([_height, _width], _confidence);

    /// <summary>The buffers as the core takes them.</summary>
    public SegmentOutputs View() =>
        new()
        {
            Labels = new TensorView<ushort>(_labels, _height, _width),
            Scores = _scores is null ? default : new TensorView<float>(_scores, _height, _width, _classes),
            Confidence = _confidence is null ? default : new TensorView<float>(_confidence, _height, _width),
        };

    /// <summary>The labels, each column of the scores called by its own.</summary>
    /// <param name="columnLabels">Empty where column c is label c.</param>
    /// <param name="image">Where it has no data, nor have the labels a class.</param>
    public LabelMap Labels(ReadOnlySpan<ushort> columnLabels, Image? image = null)
    {
        if (!columnLabels.IsEmpty)
        {
            foreach (ref ushort label in _labels.AsSpan())
                label = columnLabels[label];
        }
        if (image is not { Mask: { IsEmpty: false } mask })
            return new LabelMap(_width, _height, _labels);
        ushort none = columnLabels.IsEmpty
            ? UnusedLabel(_classes > byte.MaxValue)
            : UnusedLabel(columnLabels.Contains(byte.MaxValue));
        for (int y = 0; y < _height; y++)
        {
            var row = mask.Span.Slice((int)((long)y * image.Height / _height) * image.Width, image.Width);
            for (int x = 0; x < _width; x++)
            {
                if (row[(int)((long)x * image.Width / _width)] == 0)
                    _labels[y * _width + x] = none;
            }
        }
        return new LabelMap(_width, _height, _labels) { NoData = none };
    }

    // The field's label for "no class", and PNG's largest where that is a class.
    private static ushort UnusedLabel(bool is255Taken) => is255Taken ? ushort.MaxValue : byte.MaxValue;
}
