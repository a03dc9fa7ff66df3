using System.Globalization;
using Google.Protobuf;
using Lposs.Files;
using Lposs.Tools.Import.Exporter.Format;

namespace Lposs.Tools.Import.Exporter;

/// <summary>
/// Writes a graph as an ONNX file. A file of this format cannot be larger than 2 GB; weights beyond that go to a second
/// file beside it, as ONNX provides.
/// </summary>
internal static class GraphFile
{
    /// <summary>The operator set that graphs are written in: the first whose Resize can smooth before it
    /// samples.</summary>
    public const int OperatorSet = 18;

    private const int IrVersion = 8;

    /// <summary>Protocol buffers end at 2^31 - 1 bytes; the rest is for nodes and names.</summary>
    private const long MostWeightBytes = (1L << 31) - (64L << 20);

    /// <summary>Small weights of fewer bytes stay in the graph, where a viewer shows them.</summary>
    private const int LeastExternalBytes = 1024;

    // The format's names for the parts of a place in another file, and an offset that memory can be mapped at.
    private const long Alignment = 4096;

    /// <summary>Writes a graph.</summary>
    /// <param name="path">The ONNX file; the second file has ".data" after its name.</param>
    /// <param name="built">The graph.</param>
    /// <param name="mostWeightBytes">Weights of more bytes go to a second file; for tests.</param>
    /// <returns>The files written, one or two.</returns>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static IReadOnlyList<string> Write(string path, BuiltGraph built, long mostWeightBytes = MostWeightBytes)
    {
        var model = EmptyModel();
        if (built.WeightBytes <= mostWeightBytes)
        {
            AtomicFile.Write(path, stream => WriteWhole(stream, model, built));
            return [path];
        }
        string data = path + ".data";
        model.Graph = built.Graph.Clone();
        AtomicFile.Write(data, stream => MoveWeights(model.Graph, built.LargeWeights, stream, Path.GetFileName(data)));
        AtomicFile.Write(path, model.WriteTo);
        return [path, data];
    }

    /// <summary>A small graph as the contents of an ONNX file.</summary>
    public static byte[] Bytes(BuiltGraph built)
    {
        using var content = new MemoryStream();
        WriteWhole(content, EmptyModel(), built);
        return content.ToArray();
    }

    private static ModelProto EmptyModel() =>
        new()
        {
            IrVersion = IrVersion,
            ProducerName = "LPOSS.Native",
            ProducerVersion = typeof(GraphFile).Assembly.GetName().Version?.ToString(3) ?? "",
            OpsetImport =
            {
                new OperatorSetIdProto { Domain = "", Version = OperatorSet },
            },
        };

    /// <summary>
    /// Field by field, since the message as one object would hold all weights in memory: the model's own, then the
    /// graph with its length before it, at the end of which the large weights are.
    /// </summary>
    private static void WriteWhole(Stream stream, ModelProto model, BuiltGraph built)
    {
        using var output = new CodedOutputStream(stream, leaveOpen: true);
        model.WriteTo(output);
        output.WriteTag(ModelProto.GraphFieldNumber, WireFormat.WireType.LengthDelimited);
        output.WriteLength(
            checked(
                built.Graph.CalculateSize()
                + built.LargeWeights.Sum(weight => Field(GraphProto.InitializerFieldNumber, Size(weight)))
            )
        );
        built.Graph.WriteTo(output);
        foreach (var weight in built.LargeWeights)
        {
            output.WriteTag(GraphProto.InitializerFieldNumber, WireFormat.WireType.LengthDelimited);
            output.WriteLength(Size(weight));
            weight.Header.WriteTo(output);
            output.WriteTag(TensorProto.RawDataFieldNumber, WireFormat.WireType.LengthDelimited);
            output.WriteLength(weight.Bytes);
            output.Flush();
            weight.Write(stream);
        }
    }

    private static int Size(LargeWeight weight) =>
        checked(weight.Header.CalculateSize() + Field(TensorProto.RawDataFieldNumber, weight.Bytes));

    /// <summary>The bytes of a field of so many bytes with its tag and length.</summary>
    private static int Field(int number, int bytes) =>
        checked(CodedOutputStream.ComputeTagSize(number) + CodedOutputStream.ComputeLengthSize(bytes) + bytes);

    private static void MoveWeights(GraphProto graph, IEnumerable<LargeWeight> largeWeights, Stream stream, string file)
    {
        long at = 0;
        void Move(TensorProto tensor, int bytes, Action<Stream> write)
        {
            long begin = (at + Alignment - 1) / Alignment * Alignment;
            stream.Write(new byte[begin - at]);
            write(stream);
            at = begin + bytes;
            tensor.DataLocation = TensorProto.Types.DataLocation.External;
            tensor.ExternalData.Add(Entry("location", file));
            tensor.ExternalData.Add(Entry("offset", begin.ToString(CultureInfo.InvariantCulture)));
            tensor.ExternalData.Add(Entry("length", bytes.ToString(CultureInfo.InvariantCulture)));
        }
        foreach (var tensor in graph.Initializer.Where(tensor => tensor.RawData.Length >= LeastExternalBytes))
        {
            Move(tensor, tensor.RawData.Length, tensor.RawData.WriteTo);
            tensor.ClearRawData();
        }
        foreach (var weight in largeWeights)
        {
            var tensor = weight.Header.Clone();
            Move(tensor, weight.Bytes, weight.Write);
            graph.Initializer.Add(tensor);
        }
    }

    private static StringStringEntryProto Entry(string key, string value) => new() { Key = key, Value = value };
}
