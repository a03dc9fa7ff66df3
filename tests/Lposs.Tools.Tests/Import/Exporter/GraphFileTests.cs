using Lposs.Tests.Support;
using Lposs.Tools.Import.Exporter;
using Lposs.Tools.Import.Exporter.Format;
using Lposs.Tools.Import.Weights;
using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace Lposs.Tools.Tests.Import.Exporter;

/// <summary>Graphs that are written are run by ONNX Runtime: y = x w + b.</summary>
public sealed class GraphFileTests : IDisposable
{
    private const int Inner = 300;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static float WeightAt(int row, int column) => (row - 2 * column) / 64f;

    private static BuiltGraph Linear(Precision precision, Func<float[]>? read = null)
    {
        var builder = new GraphBuilder("linear", precision);
        var input = builder.Input("x", TensorProto.Types.DataType.Float, "batch", Inner);
        var weights = new DeferredNumbers(
            Inner * 2,
            read ?? (() => [.. Enumerable.Range(0, Inner * 2).Select(i => WeightAt(i / 2, i % 2))])
        );
        var product = builder.Add(
            "MatMul",
            "linear.product",
            [builder.ToNumbers("x.numbers", input), builder.Weight("linear.weight", weights, Inner, 2)]
        );
        var sum = builder.Add("Add", "linear", [product, builder.Weight("linear.bias", [0.5f, -1], 2)]);
        builder.Output("y", sum, "batch", 2);
        return builder.Finish();
    }

    /// <summary>The graph that a CUDA device is tried with lies beside the code that reads it, made once.</summary>
    [Fact]
    public void The_graph_of_the_trial_is_what_the_builder_makes()
    {
        var builder = new GraphBuilder("trial", Precision.F32);
        var input = builder.Input("x", TensorProto.Types.DataType.Float, 1, 1, 1, 1);
        builder.Output(
            "y",
            builder.Add("Conv", "product", [input, builder.Weight("two", [2], 1, 1, 1, 1)]),
            1,
            1,
            1,
            1
        );

        using var resource = typeof(Segmenter).Assembly.GetManifestResourceStream("double.onnx")!;
        Assert.Equal(
            ModelProto.Parser.ParseFrom(GraphFile.Bytes(builder.Finish())).Graph,
            ModelProto.Parser.ParseFrom(resource).Graph
        );
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
    [
        WeightAt(0, 0) + 0.5f,
        WeightAt(0, 1) - 1,
        2 * WeightAt(3, 0) + 0.5f,
        2 * WeightAt(3, 1) - 1,
    ];

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

    /// <summary>Written field by field, so that no reader needs to know more than the format.</summary>
    [Fact]
    public void The_file_is_one_message_with_every_weight_in_its_graph()
    {
        string path = _folder.At("linear.onnx");
        GraphFile.Write(path, Linear(Precision.F32));
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        Assert.Equal(GraphFile.OperatorSet, Assert.Single(model.OpsetImport).Version);
        Assert.Equal(["linear.bias", "linear.weight"], model.Graph.Initializer.Select(tensor => tensor.Name));
        Assert.Equal(Inner * 2 * sizeof(float), model.Graph.Initializer[1].RawData.Length);
        Assert.Equal([Inner, 2L], model.Graph.Initializer[1].Dims);
        Assert.Equal("linear", model.Graph.Name);
    }

    [Fact]
    public void Large_weights_are_read_when_they_are_written()
    {
        int reads = 0;
        var graph = Linear(
            Precision.F32,
            () =>
            {
                reads++;
                return new float[Inner * 2];
            }
        );
        Assert.Equal(0, reads);
        GraphFile.Write(_folder.At("linear.onnx"), graph);
        Assert.Equal(1, reads);
    }

    /// <summary>2.3 GB, which no ONNX file can hold; 1.0 at one place of each weight shows which numbers were
    /// read.</summary>
    [SkippableFact]
    public void More_than_two_gigabytes_lie_in_a_file_beside()
    {
        Skip.If(Environment.GetEnvironmentVariable("LPOSS_FULL_ENCODERS") is null, "LPOSS_FULL_ENCODERS is not set");
        const int Rows = 120_000,
            Columns = 1200,
            Parts = 4;
        var builder = new GraphBuilder("large", Precision.F32);
        var row = builder.Input("row", TensorProto.Types.DataType.Int64, 1);
        var columns = new List<Value>();
        for (int part = 0; part < Parts; part++)
        {
            int mark = part;
            var weights = new DeferredNumbers(
                Rows * Columns,
                () =>
                {
                    float[] values = new float[Rows * Columns];
                    values[(Rows - 1) * Columns + mark] = mark + 1;
                    return values;
                }
            );
            columns.Add(
                builder.Add("Gather", $"part{part}", [builder.Weight($"table{part}", weights, Rows, Columns), row])
            );
        }
        builder.Output("y", builder.Add("Sum", "sum", [.. columns]), 1, Columns);
        string path = _folder.At("large.onnx");
        Assert.Equal([path, path + ".data"], GraphFile.Write(path, builder.Finish()));
        Assert.True(new FileInfo(path + ".data").Length > 1L << 31);

        using var session = new InferenceSession(path);
        using var input = OrtValue.CreateTensorValueFromMemory(new long[] { Rows - 1 }, [1]);
        using var options = new RunOptions();
        using var results = session.Run(options, ["row"], [input], ["y"]);
        Assert.Equal([1f, 2, 3, 4, 0], results[0].GetTensorDataAsSpan<float>()[..5].ToArray());
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
    public void Errors_in_a_graph_are_rejected()
    {
        var builder = new GraphBuilder("g", Precision.F16);
        builder.Weight("w", [1], 1);
        Assert.Contains(
            "two values 'w'",
            Assert.Throws<ArgumentException>(() => builder.Weight("w", [1], 1)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "its dimensions need 2",
            Assert.Throws<ArgumentException>(() => builder.Weight("v", [1], 2)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "its dimensions need 2",
            Assert.Throws<ArgumentException>(() => builder.Weight("t", new DeferredNumbers(1, () => [1]), 2)).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "linear.weight holds 70000, which float16 cannot",
            Assert
                .Throws<LpossException>(() =>
                    GraphFile.Write(
                        _folder.At("g.onnx"),
                        Linear(Precision.F16, () => [.. Enumerable.Repeat(70_000f, Inner * 2)])
                    )
                )
                .Message,
            StringComparison.Ordinal
        );
        Assert.Empty(_folder.Names());
        Assert.Contains(
            "holds 70000, which float16 cannot",
            Assert.Throws<LpossException>(() => builder.Weight("u", [70_000], 1)).Message,
            StringComparison.Ordinal
        );
    }
}
