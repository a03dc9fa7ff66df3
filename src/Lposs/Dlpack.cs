using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Lposs.Interop;

namespace Lposs;

/// <summary>
/// Tensors from other libraries without a copy, as DLPack describes them (<c>DLTensor</c> of dlpack.h, version 0.x, and
/// the
/// same part of 1.x). <see cref="DeviceTensor{T}.ToDlpack"/> is the other direction.
/// </summary>
public static unsafe class Dlpack
{
    /// <summary>
    /// A view of another library's tensor, which must stay alive as long as the view and the work that was queued with
    /// it:
    /// contiguous, of 1 to 4 dimensions, on the CPU or on CUDA.
    /// </summary>
    /// <typeparam name="T">float, byte, ushort, int or long: the tensor's own type.</typeparam>
    /// <param name="tensor">The address of a <c>DLTensor</c>.</param>
    /// <exception cref="LpossException">The tensor is of a kind that the library does not take.</exception>
    /// <exception cref="ArgumentException">Its elements are of another type than <typeparamref name="T"/>.</exception>
    public static TensorView<T> View<T>(nint tensor)
        where T : unmanaged
    {
        LpossLibrary.Require();
        NativeTensor native;
        NativeStatus.Check(NativeMethods.TensorFromDlpack((DlpackTensor*)tensor, &native));
        if (native.Dtype != TensorElement.Dtype<T>())
            throw new ArgumentException(
                $"the tensor holds {native.Dtype}, and T is {typeof(T).Name}; they must be the same.",
                nameof(tensor)
            );
        return new TensorView<T>(
            ref Unsafe.AsRef<T>(native.Data),
            native.Memory,
            new TensorShape(new ReadOnlySpan<long>(native.Shape, native.Ndim))
        );
    }
}

/// <summary>
/// A tensor of this library as a <c>DLTensor</c> for another one. It keeps the memory until it is disposed; the other
/// library
/// must be done with it by then, and must wait for the context's stream before it reads.
/// </summary>
public sealed unsafe class DlpackExport : IDisposable
{
    private readonly SafeHandle _memory;
    private Layout* _layout;

    internal DlpackExport(SafeHandle memory, NativeTensor tensor, int deviceIndex)
    {
        bool isHeld = false;
        memory.DangerousAddRef(ref isHeld);
        _memory = memory;
        _layout = (Layout*)NativeMemory.Alloc((nuint)sizeof(Layout));
        // The second's shape points into the first.
        _layout->Tensor = tensor;
        var status = NativeMethods.TensorToDlpack(&_layout->Tensor, deviceIndex, &_layout->Dlpack);
        if (status == NativeStatusCode.Ok)
            return;
        var error = NativeStatus.Exception(status, NativeStatus.LastError());
        Dispose();
        throw error;
    }

    /// <summary>Releases the memory of an export that nobody disposed.</summary>
    ~DlpackExport() => Free();

    /// <summary>The address of the <c>DLTensor</c>.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public nint Address
    {
        get
        {
            ObjectDisposedException.ThrowIf(_layout is null, this);
            return (nint)(&_layout->Dlpack);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_layout is null)
            return;
        NativeMemory.Free(_layout);
        _layout = null;
        _memory.DangerousRelease();
    }

    private struct Layout
    {
        public NativeTensor Tensor;
        public DlpackTensor Dlpack;
    }
}
