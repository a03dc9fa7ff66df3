using Lposs.Onnx.Format;

namespace Lposs.Onnx;

/// <summary>A finished graph. Its large weights are read as they are written, so files that they come from must be open then.</summary>
/// <param name="Graph">Nodes, inputs, outputs and small weights.</param>
/// <param name="LargeWeights">The other weights.</param>
internal sealed record BuiltGraph(GraphProto Graph, IReadOnlyList<LargeWeight> LargeWeights)
{
    /// <summary>The bytes of all weights.</summary>
    public long WeightBytes => Graph.Initializer.Sum(tensor => (long)tensor.RawData.Length) + LargeWeights.Sum(weight => (long)weight.Bytes);
}

/// <summary>A weight whose numbers are not in memory.</summary>
/// <param name="Header">Its name, type and dimensions.</param>
/// <param name="Bytes">Its size in a file.</param>
/// <param name="Write">Writes that many bytes.</param>
internal sealed record LargeWeight(TensorProto Header, int Bytes, Action<Stream> Write);
