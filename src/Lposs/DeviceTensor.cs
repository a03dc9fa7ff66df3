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

    /// <summary>Its place on the CUDA device, for others' kernels and libraries; valid until it is disposed.</summary>
    /// <exception cref="InvalidOperationException">The context is on the CPU.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public DevicePointer DevicePointer =>
        _context.Device == LpossDevice.Cuda
            ? new DevicePointer((ulong)Address)
            : throw new InvalidOperationException(
                "the tensor lies in host memory; only one of a CUDA context has a device pointer."
            );

    /// <summary>The first element's address, in the memory of the context's device.</summary>
    internal nint Address => _memory.Address;

    /// <summary>The tensor as a <c>DLTensor</c> for another library, without a copy.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public DlpackExport ToDlpack()
    {
        var view = View;
        fixed (T* data = view)
            return new DlpackExport(_memory, view.AsReadOnly().At(data), _context.Info.DeviceIndex);
    }

    /// <summary>Copies from a tensor of the same shape, of any memory.</summary>
    public void CopyFrom(ReadOnlyTensorView<T> source) => _context.Copy(source, View);

    /// <summary>Copies to a tensor of the same shape, of any memory; returns when host memory is written.</summary>
    public void CopyTo(TensorView<T> target) => _context.Copy(View, target);

    /// <summary>Frees the memory.</summary>
    public void Dispose() => _memory.Dispose();
}
