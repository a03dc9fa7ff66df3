namespace Lposs.Onnx;

/// <summary>The numbers that an exported encoder holds and computes with; its inputs and outputs are float32 in either.</summary>
public enum Precision
{
    /// <summary>float32: the weights as they were published, or exactly what float16 ones stand for.</summary>
    F32,

    /// <summary>float16: half the size, and faster on GPUs; a processor computes in float32 from the rounded weights.</summary>
    F16,
}
