using Lposs.Interop;

namespace Lposs;

/// <summary>
/// A tensor in the memory of a context's device, for callers without an allocator of their own: device memory on
/// CUDA, host memory on the CPU. It holds its context, which is freed after the last of its tensors.
/// </summary>
/// <typeparam name="T">float, byte, ushort, int or long.</typeparam>
public sealed unsafe class DeviceTensor<T> : IDisposable
    where T : unmanaged
{
    private readonly LpossContext _context;
    private readonly DeviceMemoryHandle _memory;

    internal DeviceTensor(LpossContext context, TensorShape shape, DeviceMemoryHandle memory)
    {
        _context = context;
        _memory = memory;
        Shape = shape;
    }

    /// <summary>The sizes.</summary>
    public TensorShape Shape { get; }

    /// <summary>The whole tensor, valid until it is disposed.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public TensorView<T> View => _memory.View<T>(_context.Device, Shape);

    /// <summary>Copies from a tensor of the same shape, of any memory.</summary>
    public void CopyFrom(ReadOnlyTensorView<T> source) => _context.Copy(source, View);

    /// <summary>Copies to a tensor of the same shape, of any memory; returns when host memory is written.</summary>
    public void CopyTo(TensorView<T> target) => _context.Copy(View, target);

    /// <summary>Frees the memory.</summary>
    public void Dispose() => _memory.Dispose();
}
