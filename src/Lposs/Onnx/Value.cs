namespace Lposs.Onnx;

/// <summary>A tensor in a graph that is being made: an input, a weight, or what a node gives.</summary>
/// <param name="Name">Its name in the file.</param>
internal readonly record struct Value(string Name);
