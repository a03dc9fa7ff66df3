using Lposs.Encoders;

namespace Lposs;

/// <summary>Which device to compute on.</summary>
public enum DevicePreference
{
    /// <summary>CUDA where it works, else the processor; <see cref="ComputeDevice"/> says which, and why.</summary>
    Auto,

    /// <summary>The processor.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU; where it does not work, opening fails and says what is missing.</summary>
    Cuda,
}

/// <summary>What to compute on and with.</summary>
public record ComputeOptions
{
    /// <summary>The device.</summary>
    public DevicePreference Device { get; init; } = DevicePreference.Auto;

    /// <summary>Which GPU, from 0; without effect on the processor.</summary>
    public int DeviceIndex { get; init; }

    /// <summary>Threads on the processor, 1 to 1024; 0 for one on each that the process may use.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// Bytes that graphs and scratch memory of the core may take together, beside images, features and results; 0
    /// for no limit. Classes then run in blocks where they must.
    /// </summary>
    public long MemoryLimit { get; init; }

    /// <summary>
    /// What runs encoders that are placed on a CUDA device: its own provider; the processor only where the device is
    /// emulated,
    /// for tests, since its memory is the process's then.
    /// </summary>
    internal EncoderDevice DeviceProvider { get; init; } = EncoderDevice.Cuda;
}
