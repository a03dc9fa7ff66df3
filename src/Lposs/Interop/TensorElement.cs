namespace Lposs.Interop;

/// <summary>What tensor views share: element types and the struct that the library takes.</summary>
internal static unsafe class TensorElement
{
    public static NativeDtype Dtype<T>()
        where T : unmanaged
    {
        if (typeof(T) == typeof(float))
            return NativeDtype.Float32;
        if (typeof(T) == typeof(byte))
            return NativeDtype.UInt8;
        if (typeof(T) == typeof(ushort))
            return NativeDtype.UInt16;
        if (typeof(T) == typeof(int))
            return NativeDtype.Int32;
        if (typeof(T) == typeof(long))
            return NativeDtype.Int64;
        throw new NotSupportedException($"T is {typeof(T).Name}; a tensor holds float, byte, ushort, int or long.");
    }

    public static NativeTensor View<T>(T* data, NativeMemoryKind memory, TensorShape shape)
        where T : unmanaged => View(data, Dtype<T>(), memory, shape);

    public static NativeTensor View(void* data, NativeDtype dtype, NativeMemoryKind memory, TensorShape shape)
    {
        NativeTensor tensor;
        NativeMethods.TensorInit(&tensor);
        if (shape.Rank == 0)
            return tensor;
        tensor.Dtype = dtype;
        tensor.Memory = memory;
        tensor.Ndim = shape.Rank;
        for (int i = 0; i < shape.Rank; i++)
            tensor.Shape[i] = shape[i];
        tensor.Data = data;
        return tensor;
    }

    public static void RequireCount(TensorShape shape, int length)
    {
        if (shape.Count != length)
            throw new ArgumentException(
                $"the data has {length} elements, and the shape {shape} has {shape.Count}; they must be as many."
            );
    }
}
