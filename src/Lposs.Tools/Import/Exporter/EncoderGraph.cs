using Lposs.Tools.Import.Exporter.Format;

namespace Lposs.Tools.Import.Exporter;

/// <summary>A finished graph. Its large weights are read as they are written, so files that they come from must be open
/// then.</summary>
/// <param name="Graph">Nodes, inputs, outputs and small weights.</param>
/// <param name="LargeWeights">The other weights.</param>
internal sealed record BuiltGraph(GraphProto Graph, IReadOnlyList<LargeWeight> LargeWeights)
{
    /// <summary>The bytes of all weights.</summary>
    public long WeightBytes =>
        Graph.Initializer.Sum(tensor => (long)tensor.RawData.Length) + LargeWeights.Sum(weight => (long)weight.Bytes);
}

/// <summary>A weight whose numbers are not in memory.</summary>
/// <param name="Header">Its name, type and dimensions.</param>
/// <param name="Bytes">Its size in a file.</param>
/// <param name="Write">Writes that many bytes.</param>
internal sealed record LargeWeight(TensorProto Header, int Bytes, Action<Stream> Write);

/// <summary>A tensor in a graph that is being made: an input, a weight, or what a node gives.</summary>
/// <param name="Name">Its name in the file.</param>
internal readonly record struct Value(string Name);

/// <summary>A finished graph and what a bundle says of it.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="Input">Its input's name.</param>
/// <param name="Output">Its output's name.</param>
/// <param name="Size">The side of a patch in pixels for an image encoder; the context's tokens for a text
/// encoder.</param>
/// <param name="Dimensions">Of a feature or an embedding.</param>
/// <param name="Width">Of a token.</param>
/// <param name="Layers">Blocks that the model has.</param>
internal sealed record EncoderGraph(
    BuiltGraph Graph,
    string Input,
    string Output,
    int Size,
    int Dimensions,
    int Width,
    int Layers
);
