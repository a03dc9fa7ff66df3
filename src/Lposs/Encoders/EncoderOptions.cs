namespace Lposs.Encoders;

/// <summary>Where encoders run.</summary>
public enum EncoderDevice
{
    /// <summary>The processor.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda,
}

/// <summary>How encoders run.</summary>
public sealed record EncoderOptions
{
    /// <summary>The device. There is no fall-back: where it does not work, opening an encoder fails.</summary>
    public EncoderDevice Device { get; init; } = EncoderDevice.Cpu;

    /// <summary>Which GPU, counted from 0.</summary>
    public int DeviceIndex { get; init; }

    /// <summary>The name of the GPU; results of two kinds are not told apart where it is not given.</summary>
    internal string DeviceName { get; init; } = "";

    /// <summary>The CUDA stream to run on; by default ONNX Runtime makes one of its own.</summary>
    public CudaStreamHandle Stream { get; init; }

    /// <summary>Threads on the processor; 0 for all that the process may use.</summary>
    public int Threads { get; init; }

    /// <summary>Windows in one run of an encoder on a GPU; on the processor, windows that are cut at a time.
    /// More need more memory. 1 or more.</summary>
    public int BatchSize { get; init; } = 8;
}
