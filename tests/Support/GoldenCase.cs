using Lposs.Imaging;
using Lposs.Tools.Evaluation;
using Xunit;

namespace Lposs.Tests.Support;

/// <summary>
/// One case of tests/golden: made-up encoder outputs and what the authors' own program made of them. Scores agree to
/// a relative L2 error of 1e-4 and labels in 99.99 % of the pixels, the project's tolerance for single precision.
/// </summary>
public sealed class GoldenCase
{
    private readonly string _folder;

    public GoldenCase(string name)
    {
        _folder = Path.Combine(AppContext.BaseDirectory, "golden", name);
        var image = NpyFile.Read<byte>(PathOf("image"));
        Image = new Image(image.Shape[1], image.Shape[0], image.Span.ToArray());
        int[] parameters = NpyFile.ReadInt32(PathOf("params")).Span.ToArray();
        (K, Crop, Stride) = (parameters[0], parameters[1], parameters[2]);
        Vm = NpyFile.ReadSingle(PathOf("vm"));
        Vlm = NpyFile.ReadSingle(PathOf("vlm"));
        Text = NpyFile.ReadSingle(PathOf("text"));
        Mapping = File.Exists(PathOf("mapping")) ? NpyFile.ReadInt32(PathOf("mapping")).Span.ToArray() : [];
        Windows =
        [
            .. NpyFile
                .ReadInt32(PathOf("windows"))
                .Span.ToArray()
                .Chunk(4)
                .Select(w => new Window(w[0], w[1], w[2], w[3])),
        ];
    }

    public static TheoryData<string> Names => ["one_window", "sliding", "odd_size", "knn_cut", "aliases"];

    public Image Image { get; }

    public int K { get; }

    public int Crop { get; }

    public int Stride { get; }

    public NdArray<float> Vm { get; }

    public NdArray<float> Vlm { get; }

    public NdArray<float> Text { get; }

    public int[] Mapping { get; }

    public Window[] Windows { get; }

    /// <summary>The authors' scores [H', W', C] of a mode.</summary>
    public NdArray<float> Expected(SegmentationMode mode) =>
        NpyFile.ReadSingle(PathOf(mode == SegmentationMode.Lposs ? "lposs" : "lposs_plus"));

    public static void AssertScores(NdArray<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double error = RelativeError.Of(expected.Span, actual);
        Assert.True(error <= 1e-4, $"relative L2 error {error:g3}");
    }

    public static void AssertLabels(NdArray<float> expected, ReadOnlySpan<ushort> actual)
    {
        int classes = expected.Shape[2];
        int equal = 0;
        for (int i = 0; i < actual.Length; i++)
            equal += actual[i] == IndexOfLargest(expected.Span.Slice(i * classes, classes)) ? 1 : 0;
        Assert.Equal(expected.Length / classes, actual.Length);
        Assert.True(equal >= 0.9999 * actual.Length, $"{equal} of {actual.Length} labels are equal");
    }

    private static int IndexOfLargest(ReadOnlySpan<float> scores)
    {
        int best = 0;
        for (int c = 1; c < scores.Length; c++)
            best = scores[c] > scores[best] ? c : best;
        return best;
    }

    private string PathOf(string array) => Path.Combine(_folder, array + ".npy");
}
