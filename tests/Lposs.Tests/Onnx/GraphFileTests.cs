using Lposs.Onnx;
using Lposs.Onnx.Format;
using Lposs.Tests.Imaging;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace Lposs.Tests.Onnx;

/// <summary>Graphs that are written are run by ONNX Runtime: y = x w + b.</summary>
public sealed class GraphFileTests : IDisposable
{
    private const int Inner = 300;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static float WeightAt(int row, int column) => (row - 2 * column) / 64f;

    private static GraphProto Linear(Precision precision)
    {
        var builder = new GraphBuilder("linear", precision);
        var input = builder.Input("x", TensorProto.Types.DataType.Float, "batch", Inner);
        float[] weights = [.. Enumerable.Range(0, Inner * 2).Select(i => WeightAt(i / 2, i % 2))];
        var product = builder.Add("MatMul", "linear.product", [builder.ToNumbers("x.numbers", input), builder.Weight("linear.weight", weights, Inner, 2)]);
        var sum = builder.Add("Add", "linear", [product, builder.Weight("linear.bias", [0.5f, -1], 2)]);
        builder.Output("y", sum, "batch", 2);
        return builder.Finish();
    }

    private static float[] Run(string path)
    {
        using var session = new InferenceSession(path);
        Assert.Equal([-1, Inner], session.InputMetadata["x"].Dimensions);
        float[] x = new float[2 * Inner];
        (x[0], x[Inner + 3]) = (1, 2);
        using var input = OrtValue.CreateTensorValueFromMemory(x, [2, Inner]);
        using var options = new RunOptions();
        using var results = session.Run(options, ["x"], [input], ["y"]);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    private static readonly float[] s_expected =
        [WeightAt(0, 0) + 0.5f, WeightAt(0, 1) - 1, 2 * WeightAt(3, 0) + 0.5f, 2 * WeightAt(3, 1) - 1];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_graph_computes_what_it_says_in_either_precision(bool isHalf)
    {
        string path = _folder.At("linear.onnx");
        Assert.Equal([path], GraphFile.Write(path, Linear(isHalf ? Precision.F16 : Precision.F32)));
        // All numbers are small multiples of 1/64, which float16 holds.
        Assert.Equal(s_expected, Run(path));
    }

    [Fact]
    public void Weights_over_the_limit_lie_in_a_file_beside()
    {
        string path = _folder.At("linear.onnx");
        Assert.Equal([path, path + ".data"], GraphFile.Write(path, Linear(Precision.F32), mostWeightBytes: 100));
        Assert.Equal(Inner * 2 * sizeof(float), new FileInfo(path + ".data").Length);
        Assert.True(new FileInfo(path).Length < 1000);
        Assert.Equal(s_expected, Run(path));
    }

    [Fact]
    public void Mistakes_in_a_graph_are_refused()
    {
        var builder = new GraphBuilder("g", Precision.F16);
        builder.Weight("w", [1], 1);
        Assert.Contains("two values 'w'", Assert.Throws<ArgumentException>(() => builder.Weight("w", [1], 1)).Message, StringComparison.Ordinal);
        Assert.Contains("its dimensions need 2", Assert.Throws<ArgumentException>(() => builder.Weight("v", [1], 2)).Message, StringComparison.Ordinal);
        Assert.Contains("holds 70000, which float16 cannot", Assert.Throws<ArgumentException>(() => builder.Weight("u", [70_000], 1)).Message, StringComparison.Ordinal);
    }
}
