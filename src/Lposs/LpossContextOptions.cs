namespace Lposs;

/// <summary>What a context computes on and with.</summary>
public sealed record LpossContextOptions
{
    /// <summary>The kind of device. There is no fall-back: where it does not work, making the context fails.</summary>
    public LpossDevice Device { get; init; } = LpossDevice.Cpu;

    /// <summary>Which CUDA device, from 0; 0 on the CPU.</summary>
    public int DeviceIndex { get; init; }

    /// <summary>CPU threads, 1 to 1024; 0 for one on each processor that the process may use.</summary>
    public int Threads { get; init; }

    /// <summary>Bytes that the context's graphs and scratch memory may take together; 0 for no limit.</summary>
    public long MemoryLimit { get; init; }

    /// <summary>The CUDA stream to work on, which must outlive the context; by default the context makes one of its
    /// own.</summary>
    public CudaStreamHandle Stream { get; init; }

    /// <summary>Where the context's memory comes from; null for the system or the driver.</summary>
    public LpossAllocator? Allocator { get; init; }
}

/// <summary>What a context really computes on and with.</summary>
/// <param name="Device">The kind of device.</param>
/// <param name="DeviceIndex">Which of its kind.</param>
/// <param name="DeviceName">The processor or card.</param>
/// <param name="Backend">Such as "cpu avx512" or "cuda sm_90".</param>
/// <param name="Threads">CPU threads; 1 on CUDA.</param>
/// <param name="MemoryInUse">Bytes of graphs and scratch memory at this moment.</param>
/// <param name="MemoryPeak">The most bytes since the context was made or its peak was reset.</param>
public sealed record LpossContextInfo(
    LpossDevice Device,
    int DeviceIndex,
    string DeviceName,
    string Backend,
    int Threads,
    long MemoryInUse,
    long MemoryPeak
);
