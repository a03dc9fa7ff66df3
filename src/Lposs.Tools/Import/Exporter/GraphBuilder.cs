using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Lposs.Tools.Import.Exporter.Format;
using Lposs.Tools.Import.Weights;

namespace Lposs.Tools.Import.Exporter;

/// <summary>
/// Makes an ONNX graph, node after node, each named by what it is ("blocks.3.attn.q"), so that a person can read it in
/// a viewer. Values are computed in the graph's precision. Not thread-safe.
/// </summary>
/// <param name="name">The graph's name.</param>
/// <param name="precision">Of weights and arithmetic.</param>
internal sealed class GraphBuilder(string name, Precision precision)
{
    private const int HalvesAtOnce = 1 << 16;

    private readonly GraphProto _graph = new() { Name = name };
    private readonly List<LargeWeight> _largeWeights = [];
    private readonly HashSet<string> _names = [];

    /// <summary>The type of weights and of what is computed from them.</summary>
    public TensorProto.Types.DataType NumberType { get; } =
        precision == Precision.F16 ? TensorProto.Types.DataType.Float16 : TensorProto.Types.DataType.Float;

    /// <summary>Dimensions are numbers, or texts for what a caller chooses, such as "batch".</summary>
    public Value Input(string valueName, TensorProto.Types.DataType type, params object[] dimensions)
    {
        _graph.Input.Add(ValueInfo(Unused(valueName), type, dimensions));
        return new Value(valueName);
    }

    /// <summary>Declares what the graph gives: float32, whatever it computes with.</summary>
    public void Output(string valueName, Value value, params object[] dimensions)
    {
        Add("Cast", valueName, [value], Attribute("to", (long)TensorProto.Types.DataType.Float));
        _graph.Output.Add(ValueInfo(valueName, TensorProto.Types.DataType.Float, dimensions));
    }

    /// <summary>A float32 input in the graph's precision.</summary>
    public Value ToNumbers(string valueName, Value value) => Cast(valueName, value, NumberType);

    /// <summary>Numbers as another type; the value itself if it is known to have it.</summary>
    public Value Cast(string valueName, Value value, TensorProto.Types.DataType type) =>
        Add("Cast", valueName, [value], Attribute("to", (long)type));

    /// <summary>A few weights [dimensions], row-major, stored in the graph's precision.</summary>
    /// <exception cref="ArgumentException">The number of values is not that of the dimensions, or float16 cannot hold
    /// one.</exception>
    public Value Weight(string valueName, ReadOnlySpan<float> values, params ReadOnlySpan<long> dimensions)
    {
        if (precision == Precision.F32)
            return Floats(valueName, values, dimensions);
        byte[] bytes = new byte[checked(values.Length * sizeof(ushort))];
        ToHalves(valueName, values, bytes);
        return Initializer(valueName, TensorProto.Types.DataType.Float16, bytes, values.Length, dimensions);
    }

    /// <summary>Many weights [dimensions], row-major, stored in the graph's precision and read when the graph is
    /// written.</summary>
    /// <exception cref="ArgumentException">The number of values is not that of the dimensions; when they are written:
    /// float16 cannot hold one.</exception>
    public Value Weight(string valueName, DeferredNumbers values, params ReadOnlySpan<long> dimensions) =>
        precision == Precision.F32
            ? Floats(valueName, values, dimensions)
            : Large(
                valueName,
                TensorProto.Types.DataType.Float16,
                sizeof(ushort),
                values,
                dimensions,
                stream => WriteHalves(valueName, values.Read(), stream)
            );

    /// <summary>float32 numbers, whatever the graph's precision: for tables and sizes.</summary>
    public Value Floats(string valueName, ReadOnlySpan<float> values, params ReadOnlySpan<long> dimensions) =>
        Initializer(
            valueName,
            TensorProto.Types.DataType.Float,
            MemoryMarshal.AsBytes(values).ToArray(),
            values.Length,
            dimensions
        );

    /// <summary>The same for many, which are read when the graph is written.</summary>
    public Value Floats(string valueName, DeferredNumbers values, params ReadOnlySpan<long> dimensions) =>
        Large(
            valueName,
            TensorProto.Types.DataType.Float,
            sizeof(float),
            values,
            dimensions,
            stream => stream.Write(MemoryMarshal.AsBytes<float>(values.Read()))
        );

    /// <summary>Whole numbers: shapes, axes, indices. A single number where there are no dimensions.</summary>
    public Value Integers(string valueName, ReadOnlySpan<long> values, params ReadOnlySpan<long> dimensions) =>
        Initializer(
            valueName,
            TensorProto.Types.DataType.Int64,
            MemoryMarshal.AsBytes(values).ToArray(),
            values.Length,
            dimensions
        );

    /// <summary>A list of whole numbers.</summary>
    public Value IntegerList(string valueName, params ReadOnlySpan<long> values) =>
        Integers(valueName, values, values.Length);

    /// <summary>A node with one output, which has the node's name.</summary>
    public Value Add(
        string operation,
        string valueName,
        ReadOnlySpan<Value> inputs,
        params ReadOnlySpan<AttributeProto> attributes
    ) => AddMany(operation, valueName, [valueName], inputs, attributes)[0];

    /// <summary>A node with several outputs.</summary>
    public Value[] AddMany(
        string operation,
        string nodeName,
        string[] outputs,
        ReadOnlySpan<Value> inputs,
        params ReadOnlySpan<AttributeProto> attributes
    )
    {
        var node = new NodeProto { Name = nodeName, OpType = operation };
        foreach (var input in inputs)
            node.Input.Add(input.Name);
        foreach (string output in outputs)
            node.Output.Add(Unused(output));
        foreach (var attribute in attributes)
            node.Attribute.Add(attribute);
        _graph.Node.Add(node);
        return [.. outputs.Select(output => new Value(output))];
    }

    public static AttributeProto Attribute(string attributeName, long value) =>
        new()
        {
            Name = attributeName,
            Type = AttributeProto.Types.AttributeType.Int,
            I = value,
        };

    public static AttributeProto Attribute(string attributeName, float value) =>
        new()
        {
            Name = attributeName,
            Type = AttributeProto.Types.AttributeType.Float,
            F = value,
        };

    public static AttributeProto Attribute(string attributeName, string value) =>
        new()
        {
            Name = attributeName,
            Type = AttributeProto.Types.AttributeType.String,
            S = ByteString.CopyFromUtf8(value),
        };

    public static AttributeProto Attribute(string attributeName, params long[] values) =>
        new()
        {
            Name = attributeName,
            Type = AttributeProto.Types.AttributeType.Ints,
            Ints = { values },
        };

    /// <summary>The finished graph; the builder is not used after it.</summary>
    public BuiltGraph Finish() => new(_graph, _largeWeights);

    private Value Initializer(
        string valueName,
        TensorProto.Types.DataType type,
        byte[] bytes,
        int count,
        ReadOnlySpan<long> dimensions
    )
    {
        var tensor = Header(valueName, type, count, dimensions);
        tensor.RawData = UnsafeByteOperations.UnsafeWrap(bytes); // the array is ours alone
        _graph.Initializer.Add(tensor);
        return new Value(valueName);
    }

    private Value Large(
        string valueName,
        TensorProto.Types.DataType type,
        int size,
        DeferredNumbers values,
        ReadOnlySpan<long> dimensions,
        Action<Stream> write
    )
    {
        _largeWeights.Add(
            new LargeWeight(Header(valueName, type, values.Count, dimensions), checked(values.Count * size), write)
        );
        return new Value(valueName);
    }

    private TensorProto Header(
        string valueName,
        TensorProto.Types.DataType type,
        int count,
        ReadOnlySpan<long> dimensions
    )
    {
        long product = 1;
        foreach (long dimension in dimensions)
            product = checked(product * dimension);
        if (product != count)
            throw new ArgumentException($"{valueName} has {count} values; its dimensions need {product}.");
        var tensor = new TensorProto { Name = Unused(valueName), DataType = (int)type };
        tensor.Dims.AddRange(dimensions.ToArray());
        return tensor;
    }

    private static void WriteHalves(string valueName, float[] values, Stream stream)
    {
        byte[] bytes = new byte[HalvesAtOnce * sizeof(ushort)];
        for (int first = 0; first < values.Length; first += HalvesAtOnce)
        {
            var part = values.AsSpan(first, Math.Min(HalvesAtOnce, values.Length - first));
            ToHalves(valueName, part, bytes);
            stream.Write(bytes.AsSpan(0, part.Length * sizeof(ushort)));
        }
    }

    private static void ToHalves(string valueName, ReadOnlySpan<float> values, Span<byte> bytes)
    {
        for (int i = 0; i < values.Length; i++)
        {
            var half = (Half)values[i];
            if (!Half.IsFinite(half))
                throw new LpossException(
                    LpossErrorCode.InvalidWeights,
                    $"{valueName} holds {values[i]}, which float16 cannot; use float32."
                );
            BinaryPrimitives.WriteHalfLittleEndian(bytes[(2 * i)..], half);
        }
    }

    private string Unused(string valueName) =>
        _names.Add(valueName) ? valueName : throw new ArgumentException($"the graph has two values '{valueName}'.");

    private static ValueInfoProto ValueInfo(string valueName, TensorProto.Types.DataType type, object[] dimensions)
    {
        var shape = new TensorShapeProto();
        foreach (object dimension in dimensions)
        {
            shape.Dim.Add(
                dimension is string free
                    ? new TensorShapeProto.Types.Dimension { DimParam = free }
                    : new TensorShapeProto.Types.Dimension
                    {
                        DimValue = Convert.ToInt64(dimension, System.Globalization.CultureInfo.InvariantCulture),
                    }
            );
        }
        return new ValueInfoProto
        {
            Name = valueName,
            Type = new TypeProto
            {
                TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape },
            },
        };
    }
}
