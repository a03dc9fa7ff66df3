using System.Globalization;
using Google.Protobuf;
using Lposs.Files;
using Lposs.Onnx.Format;

namespace Lposs.Onnx;

/// <summary>
/// Writes a graph as an ONNX file. A file of this format cannot be larger than 2 GB; weights beyond that go to a second
/// file beside it, as ONNX provides.
/// </summary>
internal static class GraphFile
{
    /// <summary>The operator set that graphs are written in: the first whose Resize can smooth before it samples.</summary>
    public const int OperatorSet = 18;

    private const int IrVersion = 8;

    /// <summary>Protocol buffers end at 2^31 - 1 bytes; the rest is for nodes and names.</summary>
    private const long MostWeightBytes = (1L << 31) - (64L << 20);

    /// <summary>Weights of fewer bytes stay in the graph, where a viewer shows them.</summary>
    private const int LeastExternalBytes = 1024;

    // The format's names for the parts of a place in another file, and an offset that memory can be mapped at.
    private const long Alignment = 4096;

    /// <summary>Writes the graph; its weights may be moved to a second file, so the graph is used up.</summary>
    /// <param name="path">The ONNX file; the second file has ".data" after its name.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="mostWeightBytes">Weights of more bytes go to a second file; for tests.</param>
    /// <returns>The files written, one or two.</returns>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static IReadOnlyList<string> Write(string path, GraphProto graph, long mostWeightBytes = MostWeightBytes)
    {
        string[] files = [path];
        if (graph.Initializer.Sum(tensor => (long)tensor.RawData.Length) > mostWeightBytes)
        {
            string data = path + ".data";
            AtomicFile.Write(data, stream => MoveWeights(graph, stream, Path.GetFileName(data)));
            files = [path, data];
        }
        AtomicFile.Write(path, ModelOf(graph).WriteTo);
        return files;
    }

    /// <summary>A small graph as the contents of an ONNX file.</summary>
    public static byte[] Bytes(GraphProto graph) => ModelOf(graph).ToByteArray();

    private static ModelProto ModelOf(GraphProto graph) => new()
    {
        IrVersion = IrVersion,
        ProducerName = "LPOSS.Native",
        ProducerVersion = typeof(GraphFile).Assembly.GetName().Version?.ToString(3) ?? "",
        Graph = graph,
        OpsetImport = { new OperatorSetIdProto { Domain = "", Version = OperatorSet } },
    };

    private static void MoveWeights(GraphProto graph, Stream stream, string file)
    {
        long at = 0;
        foreach (var tensor in graph.Initializer)
        {
            if (tensor.RawData.Length < LeastExternalBytes)
                continue;
            long begin = (at + Alignment - 1) / Alignment * Alignment;
            stream.Write(new byte[begin - at]);
            tensor.RawData.WriteTo(stream);
            at = begin + tensor.RawData.Length;
            tensor.DataLocation = TensorProto.Types.DataLocation.External;
            tensor.ExternalData.Add(Entry("location", file));
            tensor.ExternalData.Add(Entry("offset", begin.ToString(CultureInfo.InvariantCulture)));
            tensor.ExternalData.Add(Entry("length", tensor.RawData.Length.ToString(CultureInfo.InvariantCulture)));
            tensor.ClearRawData();
        }
    }

    private static StringStringEntryProto Entry(string key, string value) => new() { Key = key, Value = value };
}
