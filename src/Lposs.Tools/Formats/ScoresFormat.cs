using System.IO.Compression;

namespace Lposs.Tools.Formats;

/// <summary>
/// "scores", "scores16", "npz" and "npz16": the scores [height, width, classes], float32 or float16, as NAME_scores.npy
/// or as the member "scores" of the compressed NAME_scores.npz. What float16 cannot hold becomes infinite, as in NumPy.
/// </summary>
internal sealed class ScoresFormat(string name, bool half, bool zipped) : IResultFormat
{
    public string Name => name;

    public ResultNeeds Needs => ResultNeeds.Scores;

    public IReadOnlyList<string> Paths(string stem) => [StemPath.Of("", stem, zipped ? "_scores.npz" : "_scores.npy")];

    public IReadOnlyList<ResultFile> Encode(string stem, string inputName, Image image, SegmentationResult result)
    {
        using var stream = new MemoryStream();
        if (zipped)
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            using var member = FixedZip.Add(zip, "scores.npy", CompressionLevel.Fastest);
            Write(member, result.Scores!);
        }
        else
        {
            Write(stream, result.Scores!);
        }
        return [ResultFile.Of(Paths(stem)[0], stream)];
    }

    private void Write(Stream stream, NdArray<float> scores)
    {
        if (!half)
        {
            NpyFile.Write(stream, scores.Shape, scores.Span);
            return;
        }
        var halves = new Half[scores.Length];
        var values = scores.Span;
        for (int i = 0; i < halves.Length; i++)
            halves[i] = (Half)values[i];
        NpyFile.Write(stream, scores.Shape, halves.AsSpan());
    }
}

/// <summary>"confidence32": NAME_confidence.npy, float32 [height, width], on the scale of the scores.</summary>
internal sealed class ConfidenceArrayFormat : IResultFormat
{
    public string Name => "confidence32";

    public ResultNeeds Needs => ResultNeeds.Confidence;

    public IReadOnlyList<string> Paths(string stem) => [StemPath.Of("", stem, "_confidence.npy")];

    public IReadOnlyList<ResultFile> Encode(string stem, string inputName, Image image, SegmentationResult result)
    {
        using var stream = new MemoryStream();
        NpyFile.Write(stream, result.Confidence!.Shape, result.Confidence.Span);
        return [ResultFile.Of(Paths(stem)[0], stream)];
    }
}
