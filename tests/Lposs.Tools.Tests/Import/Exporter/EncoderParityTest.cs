using Lposs.Tests.Support;
using Lposs.Tools.Import.Exporter;
using Lposs.Tools.Import.Weights;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace Lposs.Tools.Tests.Import.Exporter;

/// <summary>
/// Exported encoders in ONNX Runtime against the formulas in PyTorch, with random weights: small ones, and of the full
/// size of ViT-B where LPOSS_FULL_ENCODERS is set (a few minutes).
/// </summary>
public abstract class EncoderParityTest : IDisposable
{
    /// <summary>Relative L2 in float32; sums of 12 blocks in another order differ by about 1e-6.</summary>
    private protected const double Tolerance = 2e-5;

    /// <summary>With weights and numbers rounded to 11 bits.</summary>
    private protected const double HalfTolerance = 2e-2;

    private protected static readonly string Size = Environment.GetEnvironmentVariable("LPOSS_FULL_ENCODERS") is null
        ? "tiny"
        : "full";

    // A window as it is usual, a wide one, the end of an image of 150 x 90, which is padded to whole patches, and one
    // that is larger than the table of positions.
    private protected static readonly (int Height, int Width)[] Windows =
    [
        (224, 224),
        (224, 336),
        (150, 90),
        (256, 256),
    ];

    private protected readonly TemporaryFolder Folder = new();

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected void Compare(
        EncoderGraph encoder,
        string kind,
        string weights,
        double tolerance,
        params string[] options
    ) => Compare(Windows, encoder, kind, weights, tolerance, options);

    private protected void CompareText(
        EncoderGraph encoder,
        string weights,
        long[] ids,
        double tolerance,
        string where,
        params string[] options
    )
    {
        long[] shape = [ids.Length / encoder.Size, encoder.Size];
        string input = Folder.At("ids.npy");
        NpyFile.Write<long>(input, [.. shape.Select(size => (int)size)], ids);
        var expected = ReferenceEncoders.Compute(Folder, "clip", weights, input, ["--text", .. options]);
        Near(expected, RunGraph(encoder, ids, shape), tolerance, where);
    }

    private protected void Compare(
        (int Height, int Width)[] windows,
        EncoderGraph encoder,
        string kind,
        string weights,
        double tolerance,
        params string[] options
    )
    {
        string path = Folder.At("encoder.onnx");
        GraphFile.Write(path, encoder.Graph);
        var inputs = windows
            .Select(
                (window, i) =>
                {
                    var grid = (
                        Rows: (window.Height + encoder.Size - 1) / encoder.Size,
                        Columns: (window.Width + encoder.Size - 1) / encoder.Size
                    );
                    int[] shape = [2, 3, grid.Rows * encoder.Size, grid.Columns * encoder.Size];
                    string file = Folder.At($"pixels{i}.npy");
                    float[] pixels = Noise(shape[0], shape[2], shape[3]);
                    NpyFile.Write<float>(file, shape, pixels);
                    return (grid.Rows, grid.Columns, File: file, Shape: shape, Pixels: pixels);
                }
            )
            .ToArray();
        var expected = ReferenceEncoders.Compute(
            Folder,
            kind,
            weights,
            [.. inputs.Select(input => input.File)],
            options
        );
        foreach (var (input, features) in inputs.Zip(expected))
        {
            Assert.Equal([2, input.Rows, input.Columns, encoder.Dimensions], features.Shape);
            Near(
                features,
                RunFile(path, encoder, input.Pixels, [.. input.Shape.Select(size => (long)size)]),
                tolerance,
                $"{input.Rows} x {input.Columns}"
            );
        }
    }

    private protected static float[] Noise(int batch, int height, int width)
    {
        var random = new Random(batch + height + width);
        float[] pixels = new float[batch * 3 * height * width];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (float)(random.NextDouble() * 4 - 2);
        return pixels;
    }

    private protected (long[] Shape, float[] Values) RunGraph<T>(EncoderGraph encoder, T[] input, long[] shape)
        where T : unmanaged
    {
        string path = Folder.At("encoder.onnx");
        GraphFile.Write(path, encoder.Graph);
        return RunFile(path, encoder, input, shape);
    }

    private protected static (long[] Shape, float[] Values) RunFile<T>(
        string path,
        EncoderGraph encoder,
        T[] input,
        long[] shape
    )
        where T : unmanaged
    {
        using var session = new InferenceSession(path);
        using var value = OrtValue.CreateTensorValueFromMemory(input, shape);
        using var options = new RunOptions();
        using var results = session.Run(options, [encoder.Input], [value], [encoder.Output]);
        return (results[0].GetTensorTypeAndShape().Shape, results[0].GetTensorDataAsSpan<float>().ToArray());
    }

    private protected static void Near(
        NdArray<float> expected,
        (long[] Shape, float[] Values) actual,
        double tolerance,
        string where
    )
    {
        Assert.Equal(expected.Shape.ToArray().Select(size => (long)size), actual.Shape);
        double distance = RelativeError.Of(expected.Span, actual.Values);
        Assert.True(distance <= tolerance, $"{where}: relative L2 {distance:0.0e0}, at most {tolerance:0.0e0}");
    }

    private protected static DinoFeature FeatureOf(string name) =>
        name switch
        {
            "q" => DinoFeature.Query,
            "k" => DinoFeature.Key,
            _ => DinoFeature.Value,
        };

    private protected static Activation ActivationOf(string name) =>
        name == "gelu" ? Activation.Gelu : Activation.QuickGelu;

    private protected static DenseVariant VariantOf(string name) =>
        name switch
        {
            "maskclip" => DenseVariant.MaskClip,
            "sclip" => DenseVariant.Sclip,
            "clearclip" => DenseVariant.ClearClip,
            "nacclip" => DenseVariant.NaClip,
            _ => DenseVariant.Gem,
        };
}
