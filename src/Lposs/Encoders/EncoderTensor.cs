namespace Lposs.Encoders;

/// <summary>A tensor on its way through the encoders: in an array, or in the memory of a context's device.</summary>
internal sealed class EncoderTensor<T> : IDisposable
    where T : unmanaged
{
    private readonly T[]? _array;
    private readonly DeviceTensor<T>? _device;

    /// <param name="array">All of its elements.</param>
    /// <param name="shape">Of as many.</param>
    public EncoderTensor(T[] array, params ReadOnlySpan<long> shape)
    {
        _array = array;
        Shape = new TensorShape(shape);
    }

    /// <param name="device">Owned from now on.</param>
    public EncoderTensor(DeviceTensor<T> device)
    {
        _device = device;
        Shape = device.Shape;
    }

    public TensorShape Shape { get; }

    public TensorView<T> View => _device is not null ? _device.View : new TensorView<T>(_array!, Shape);

    /// <summary>Of the first element, on the device; an array has no address of its own.</summary>
    public nint DeviceAddress => _device!.Address;

    /// <summary>Some of the elements, from one on, as a tensor of another shape.</summary>
    public TensorView<T> Part(long start, params ReadOnlySpan<long> shape) => View.Part(start, shape);

    /// <summary>The elements: the array itself, or a copy of what is on the device, when it is there.</summary>
    public T[] ToArray()
    {
        if (_device is null)
            return _array!;
        var copy = new T[checked((int)Shape.Count)];
        _device.CopyTo(new TensorView<T>(copy, Shape));
        return copy;
    }

    /// <summary>Frees device memory; work that was queued before may still use it.</summary>
    public void Dispose() => _device?.Dispose();
}
