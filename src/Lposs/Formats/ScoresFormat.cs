using System.IO.Compression;
using Lposs.Arrays;
using Lposs.Imaging;
using Lposs.Segmentation;

namespace Lposs.Formats;

/// <summary>
/// "scores", "scores16", "npz" and "npz16": the scores [height, width, classes], float32 or float16, as NAME_scores.npy or
/// as the member "scores" of the compressed NAME_scores.npz. What float16 cannot hold becomes infinite, as in NumPy.
/// </summary>
internal sealed class ScoresFormat(string name, bool half, bool zipped) : IResultFormat
{
    public string Name => name;

    public ResultNeeds Needs => ResultNeeds.Scores;

    public IReadOnlyList<string> Paths(string stem) => [StemPath.Of("", stem, zipped ? "_scores.npz" : "_scores.npy")];

    public IReadOnlyList<ResultFile> Encode(string stem, string inputName, RgbImage picture, SegmentationResult result)
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
        return [new ResultFile(Paths(stem)[0], stream.GetBuffer().AsMemory(0, (int)stream.Length))];
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
