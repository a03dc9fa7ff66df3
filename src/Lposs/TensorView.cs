using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Lposs.Interop;

namespace Lposs;

/// <summary>
/// An address in the memory of a CUDA device, as a number: <c>CudaDeviceVariable.DevicePointer.Pointer</c> of
/// ManagedCuda, <c>cudaMalloc</c>'s pointer, a tensor's <c>data_ptr()</c>.
/// </summary>
/// <param name="Address">The address; 0 only where a size is 0.</param>
public readonly record struct DevicePointer(ulong Address)
{
    /// <summary>The address that lies a number of bytes further.</summary>
    public DevicePointer Offset(long bytes) => new(checked((ulong)((Int128)Address + bytes)));
}

/// <summary>A CUDA stream that the caller made, as a number: a <c>cudaStream_t</c> or <c>CUstream</c>.</summary>
/// <param name="Address">The handle; 0 means that none is given.</param>
public readonly record struct CudaStreamHandle(ulong Address);

/// <summary>
/// A tensor to read from: a caller's memory with a shape, row-major and contiguous, on the host (a span) or on the
/// context's CUDA device (a <see cref="DevicePointer"/>). Nothing is copied or owned. The default value means "not
/// given", for arguments that may be left out.
/// </summary>
/// <typeparam name="T">float, byte, ushort, int or long; each call says which it takes.</typeparam>
public readonly ref struct ReadOnlyTensorView<T>
    where T : unmanaged
{
    private readonly ref readonly T _data;
    private readonly NativeMemoryKind _memory;

    /// <summary>A view of host memory.</summary>
    /// <param name="data">The elements.</param>
    /// <param name="shape">1 to 4 sizes whose product is the length of <paramref name="data"/>.</param>
    /// <exception cref="ArgumentException">It is not.</exception>
    public ReadOnlyTensorView(ReadOnlySpan<T> data, params ReadOnlySpan<long> shape)
    {
        Shape = new TensorShape(shape);
        TensorElement.RequireCount(Shape, data.Length);
        _data = ref MemoryMarshal.GetReference(data);
        _memory = NativeMemoryKind.Host;
    }

    /// <summary>A view of device memory, which the caller keeps alive until the context is synchronised.</summary>
    /// <param name="data">The first element's address.</param>
    /// <param name="shape">1 to 4 sizes.</param>
    public unsafe ReadOnlyTensorView(DevicePointer data, params ReadOnlySpan<long> shape)
    {
        Shape = new TensorShape(shape);
        _data = ref Unsafe.AsRef<T>((void*)data.Address);
        _memory = NativeMemoryKind.Cuda;
    }

    internal ReadOnlyTensorView(ref readonly T data, NativeMemoryKind memory, TensorShape shape)
    {
        Shape = shape;
        _data = ref data;
        _memory = memory;
    }

    /// <summary>The sizes; of rank 0 where the tensor is not given.</summary>
    public TensorShape Shape { get; }

    /// <summary>Whether the memory is a CUDA device's.</summary>
    public bool IsOnDevice => _memory == NativeMemoryKind.Cuda;

    /// <summary>The elements, which lie in host memory and are no more than a span holds.</summary>
    internal ReadOnlySpan<T> HostSpan =>
        IsOnDevice
            ? throw new InvalidOperationException("the tensor lies on a device.")
            : MemoryMarshal.CreateReadOnlySpan(in _data, checked((int)Shape.Count));

    /// <summary>Some of the elements, from one on, as a tensor of another shape.</summary>
    internal ReadOnlyTensorView<T> Part(long start, params ReadOnlySpan<long> shape)
    {
        var sizes = new TensorShape(shape);
        if (start < 0 || start > Shape.Count - sizes.Count)
            throw new ArgumentException(
                $"a part of shape {sizes} from element {start} on does not lie in a tensor of shape {Shape}."
            );
        return new ReadOnlyTensorView<T>(ref Unsafe.Add(ref Unsafe.AsRef(in _data), (nint)start), _memory, sizes);
    }

    internal ref readonly T GetPinnableReference() => ref _data;

    /// <summary>The view as the library takes it, once its memory is pinned at an address.</summary>
    internal unsafe NativeTensor At(T* data) => TensorElement.View(data, _memory, Shape);
}

/// <summary>A tensor to write to; otherwise as <see cref="ReadOnlyTensorView{T}"/>.</summary>
/// <typeparam name="T">float, byte, ushort, int or long; each call says which it takes.</typeparam>
public readonly ref struct TensorView<T>
    where T : unmanaged
{
    private readonly ref T _data;
    private readonly NativeMemoryKind _memory;

    /// <summary>A view of host memory.</summary>
    /// <param name="data">The elements.</param>
    /// <param name="shape">1 to 4 sizes whose product is the length of <paramref name="data"/>.</param>
    /// <exception cref="ArgumentException">It is not.</exception>
    public TensorView(Span<T> data, params ReadOnlySpan<long> shape)
    {
        Shape = new TensorShape(shape);
        TensorElement.RequireCount(Shape, data.Length);
        _data = ref MemoryMarshal.GetReference(data);
        _memory = NativeMemoryKind.Host;
    }

    /// <summary>A view of device memory, which the caller keeps alive until the context is synchronised.</summary>
    /// <param name="data">The first element's address.</param>
    /// <param name="shape">1 to 4 sizes.</param>
    public unsafe TensorView(DevicePointer data, params ReadOnlySpan<long> shape)
    {
        Shape = new TensorShape(shape);
        _data = ref Unsafe.AsRef<T>((void*)data.Address);
        _memory = NativeMemoryKind.Cuda;
    }

    /// <summary>A view of a whole array.</summary>
    internal TensorView(T[] data, TensorShape shape)
    {
        TensorElement.RequireCount(shape, data.Length);
        Shape = shape;
        _data = ref MemoryMarshal.GetArrayDataReference(data);
        _memory = NativeMemoryKind.Host;
    }

    internal TensorView(ref T data, NativeMemoryKind memory, TensorShape shape)
    {
        Shape = shape;
        _data = ref data;
        _memory = memory;
    }

    /// <summary>The sizes; of rank 0 where the tensor is not given.</summary>
    public TensorShape Shape { get; }

    /// <summary>Whether the memory is a CUDA device's.</summary>
    public bool IsOnDevice => _memory == NativeMemoryKind.Cuda;

    /// <summary>The same memory, to read from.</summary>
    public static implicit operator ReadOnlyTensorView<T>(TensorView<T> view) => view.AsReadOnly();

    /// <summary>The same memory, to read from.</summary>
    public ReadOnlyTensorView<T> AsReadOnly() => new(ref _data, _memory, Shape);

    /// <summary>The elements, which lie in host memory and are no more than a span holds.</summary>
    internal Span<T> HostSpan =>
        IsOnDevice
            ? throw new InvalidOperationException("the tensor lies on a device.")
            : MemoryMarshal.CreateSpan(ref _data, checked((int)Shape.Count));

    /// <summary>Some of the elements, from one on, as a tensor of another shape.</summary>
    internal TensorView<T> Part(long start, params ReadOnlySpan<long> shape)
    {
        var sizes = new TensorShape(shape);
        if (start < 0 || start > Shape.Count - sizes.Count)
            throw new ArgumentException(
                $"a part of shape {sizes} from element {start} on does not lie in a tensor of shape {Shape}."
            );
        return new TensorView<T>(ref Unsafe.Add(ref _data, (nint)start), _memory, sizes);
    }

    internal ref T GetPinnableReference() => ref _data;

    /// <summary>The view as the library takes it, once its memory is pinned at an address.</summary>
    internal unsafe NativeTensor At(T* data) => TensorElement.View(data, _memory, Shape);
}

/// <summary>A tensor of labels to write to: bytes, unsigned shorts or ints, whichever the caller has.</summary>
public readonly ref struct LabelTensorView
{
    private readonly ref byte _data;
    private readonly NativeMemoryKind _memory;
    private readonly NativeDtype _dtype;

    private LabelTensorView(ref byte data, NativeMemoryKind memory, NativeDtype dtype, TensorShape shape)
    {
        _data = ref data;
        _memory = memory;
        _dtype = dtype;
        Shape = shape;
    }

    /// <summary>The sizes; of rank 0 where the tensor is not given.</summary>
    public TensorShape Shape { get; }

    /// <summary>Labels up to 255.</summary>
    public static implicit operator LabelTensorView(TensorView<byte> view) => From(view);

    /// <summary>Labels up to 65535.</summary>
    public static implicit operator LabelTensorView(TensorView<ushort> view) => From(view);

    /// <summary>Labels of 32 bits.</summary>
    public static implicit operator LabelTensorView(TensorView<int> view) => From(view);

    internal ref byte GetPinnableReference() => ref _data;

    internal unsafe NativeTensor At(byte* data) => TensorElement.View(data, _dtype, _memory, Shape);

    private static LabelTensorView From<T>(TensorView<T> view)
        where T : unmanaged =>
        new(
            ref Unsafe.As<T, byte>(ref view.GetPinnableReference()),
            view.IsOnDevice ? NativeMemoryKind.Cuda : NativeMemoryKind.Host,
            TensorElement.Dtype<T>(),
            view.Shape
        );
}
