using Lposs.Arrays;
using Lposs.Cli.Options;
using Lposs.Imaging;

namespace Lposs.Cli.Files;

/// <summary>Room for the core's labels and scores, and their way into files.</summary>
internal sealed class PixelResult
{
    private readonly PictureSize _size;
    private readonly int _classes;
    private readonly ResultPaths _paths;
    private readonly float[] _scores;
    private readonly ushort[] _labels;

    public PixelResult(PictureSize size, int classes, ResultPaths paths)
    {
        if (paths.Labels is not null && classes > ushort.MaxValue + 1)
            throw new NpyFormatException($"there are {classes} classes, and a label map holds {ushort.MaxValue + 1}; ask for scores only");
        _size = size;
        _classes = classes;
        _paths = paths;
        _labels = paths.Labels is null ? [] : new ushort[size.Height * size.Width];
        _scores = paths.Scores is null ? [] : ArrayFile.CreateScores(size.Height, size.Width, classes);
    }

    /// <summary>[height, width]; empty if labels are not wanted.</summary>
    public Span<ushort> Labels => _labels;

    /// <summary>The files by what they are.</summary>
    public IReadOnlyDictionary<string, string> Outputs => new[] { ("labels", _paths.Labels), ("scores", _paths.Scores) }
        .Where(output => output.Item2 is not null)
        .ToDictionary(output => output.Item1, output => output.Item2!);

    public SegmentOutputs ForCore() => new()
    {
        Labels = _paths.Labels is null ? default : new TensorView<ushort>(_labels, _size.Height, _size.Width),
        Scores = _paths.Scores is null ? default : new TensorView<float>(_scores, _size.Height, _size.Width, _classes),
    };

    /// <summary>Writes what is wanted, each file whole.</summary>
    public void Write(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_paths.Labels is { } labels)
            LabelPng.Write(labels, new LabelMap(_size.Width, _size.Height, _labels), ResultFiles.Palette);
        cancellation.ThrowIfCancellationRequested();
        if (_paths.Scores is { } scores)
            NpyFile.Write<float>(scores, [_size.Height, _size.Width, _classes], _scores);
    }
}
