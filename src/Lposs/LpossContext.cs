using Lposs.Interop;

namespace Lposs;

/// <summary>
/// The mathematics of LPOSS and LPOSS+ on one device: one stream, its threads and its scratch memory, which is kept
/// between calls. Any number of threads may call; calls run one after the other. Contexts run side by side.
/// </summary>
/// <remarks>
/// <para>Tensors are the caller's memory, row-major and contiguous; views of spans and of device memory may be mixed.
/// Symbols: N patches or pixels, P prompts, C classes, D dimensions, H x W pixels.</para>
/// <para>Every call throws <see cref="LpossException"/> for a wrong shape or range or a value in host memory
/// that is not finite, <see cref="LpossException"/> where memory is not enough, <see cref="LpossException"/>
/// where the device failed, and <see cref="ObjectDisposedException"/> after <see cref="Dispose"/>.</para>
/// <para>On CUDA a call whose outputs all lie on the device may return before they are written;
/// <see cref="Synchronize"/> waits. On the CPU, and for outputs in host memory, a call returns when they are.</para>
/// <para>The same input, device and options give the same bits, whatever the number of threads.</para>
/// </remarks>
public sealed unsafe partial class LpossContext : IDisposable
{
    private readonly ContextHandle _handle;
    private readonly Lock _calls = new();

    /// <summary>Makes a context.</summary>
    /// <param name="options">null for the CPU with all its threads.</param>
    /// <exception cref="LpossException">The core's library cannot be used.</exception>
    /// <exception cref="LpossException">The device cannot be used; the message names what is missing.</exception>
    /// <exception cref="LpossException">An option is out of range.</exception>
    public LpossContext(LpossContextOptions? options = null)
    {
        options ??= new LpossContextOptions();
        LpossLibrary.Require();
        NativeContextOptions native;
        NativeMethods.ContextOptionsInit(&native);
        native.Device = options.Device;
        native.DeviceIndex = options.DeviceIndex;
        native.ThreadCount = options.Threads;
        native.MemoryLimit = options.MemoryLimit;
        native.Stream = (void*)options.Stream.Address;
        var hook = options.Allocator is null ? null : new AllocatorHook(options.Allocator);
        NativeAllocator allocator = hook?.Native ?? default;
        native.Allocator = hook is null ? null : &allocator;
        try
        {
            NativeStatus.Check(NativeMethods.ContextCreate(&native, out _handle));
        }
        catch
        {
            hook?.Close();
            throw;
        }
        _handle.Allocator = hook;
        Device = options.Device;
        void* stream;
        NativeStatus.Check(NativeMethods.ContextGetStream(_handle, &stream));
        Stream = new CudaStreamHandle((ulong)stream);
    }

    /// <summary>The kind of device.</summary>
    public LpossDevice Device { get; }

    /// <summary>
    /// The CUDA stream that it works on, for others whose work is to come before or after its own; one that it made
    /// itself
    /// lives as long as it does. Address 0 on the CPU.
    /// </summary>
    public CudaStreamHandle Stream { get; }

    /// <summary>The device, and the memory in use at this moment.</summary>
    public LpossContextInfo Info
    {
        get
        {
            NativeContextInfo info;
            NativeMethods.ContextInfoInit(&info);
            lock (_calls)
                NativeStatus.Check(NativeMethods.ContextGetInfo(_handle, &info));
            return new LpossContextInfo(
                info.Device,
                info.DeviceIndex,
                NativeStatus.Text(info.DeviceName),
                NativeStatus.Text(info.Backend),
                info.ThreadCount,
                info.MemoryInUse,
                info.MemoryPeak
            );
        }
    }

    /// <summary>Returns when all work that was given to the context is done; at once on the CPU.</summary>
    public void Synchronize()
    {
        lock (_calls)
            NativeStatus.Check(NativeMethods.ContextSynchronize(_handle));
    }

    /// <summary>Starts <see cref="LpossContextInfo.MemoryPeak"/> anew from the memory in use.</summary>
    public void ResetMemoryPeak()
    {
        lock (_calls)
            NativeStatus.Check(NativeMethods.ResetMemoryPeak(_handle));
    }

    /// <summary>Waits for pending work, then frees the context. Graphs that it made stay valid.</summary>
    public void Dispose()
    {
        lock (_calls)
            _handle.Dispose();
    }

    /// <summary>
    /// Keeps other threads' calls away until it is disposed, for what others do on the context's stream: it is to come
    /// between
    /// calls and not into one.
    /// </summary>
    internal Lock.Scope Hold() => _calls.EnterScope();

    internal GraphHandle CreateGraph(NativeTensor features, NativeTensor centres, NativePatchGraphOptions options)
    {
        lock (_calls)
        {
            NativeStatus.Check(NativeMethods.GraphFromPatches(_handle, &features, &centres, &options, out var graph));
            return graph;
        }
    }

    internal GraphHandle CreateGraph(NativeTensor image, NativePixelGraphOptions options)
    {
        lock (_calls)
        {
            NativeStatus.Check(NativeMethods.GraphFromImage(_handle, &image, &options, out var graph));
            return graph;
        }
    }

    internal GraphHandle CreateGraph(NativeTensor rowOffsets, NativeTensor columns, NativeTensor weights)
    {
        lock (_calls)
        {
            NativeStatus.Check(NativeMethods.GraphFromCsr(_handle, &rowOffsets, &columns, &weights, out var graph));
            return graph;
        }
    }
}
