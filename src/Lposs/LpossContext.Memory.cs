using Lposs.Interop;

namespace Lposs;

/// <content>Memory of the context's device.</content>
public sealed unsafe partial class LpossContext
{
    /// <summary>A tensor in the device's memory; its elements are not set.</summary>
    /// <typeparam name="T">float, byte, ushort, int or long.</typeparam>
    /// <param name="shape">1 to 4 sizes.</param>
    public DeviceTensor<T> Allocate<T>(params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        _ = TensorElement.Dtype<T>();
        var sizes = new TensorShape(shape);
        if (sizes.Count > long.MaxValue / sizeof(T))
            throw new ArgumentException(
                $"a tensor of shape {sizes} has more bytes than there are addresses.",
                nameof(shape)
            );
        lock (_calls)
            return new DeviceTensor<T>(this, sizes, new DeviceMemoryHandle(_handle, _calls, sizes.Count * sizeof(T)));
    }

    /// <summary>Copies a tensor to another of the same shape, in any pair of memories; waits where one is on the
    /// host.</summary>
    /// <typeparam name="T">float, byte, ushort, int or long.</typeparam>
    public void Copy<T>(ReadOnlyTensorView<T> source, TensorView<T> target)
        where T : unmanaged
    {
        fixed (
            T* sourceData = source,
                targetData = target
        )
        {
            NativeTensor nativeSource = source.At(sourceData),
                nativeTarget = target.At(targetData);
            lock (_calls)
                NativeStatus.Check(NativeMethods.Copy(_handle, &nativeSource, &nativeTarget));
        }
    }
}
