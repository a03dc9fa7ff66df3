using Lposs.Interop;
using Xunit;

namespace Lposs.Tests.Interop;

public sealed unsafe class DlpackTests
{
    [Fact]
    public void A_tensor_goes_out_and_comes_back_as_the_same_memory()
    {
        using var context = new LpossContext(new LpossContextOptions { Threads = 1 });
        using var tensor = context.Allocate<float>(2, 3);
        using var export = tensor.ToDlpack();

        var view = Dlpack.View<float>(export.Address);
        context.Copy(new ReadOnlyTensorView<float>([1, 2, 3, 4, 5, 6], 2, 3), view);
        float[] back = new float[6];
        tensor.CopyTo(new TensorView<float>(back, 2, 3));

        Assert.Equal([1, 2, 3, 4, 5, 6], back);
        Assert.Equal(tensor.Shape, view.Shape);
        Assert.False(view.IsOnDevice);
    }

    [Fact]
    public void An_export_keeps_the_memory_of_a_disposed_tensor()
    {
        using var context = new LpossContext(new LpossContextOptions { Threads = 1 });
        var tensor = context.Allocate<byte>(1 << 20);
        var export = tensor.ToDlpack();
        tensor.Dispose();
        long held = context.Info.MemoryInUse;
        export.Dispose();
        export.Dispose();

        Assert.True(held >= 1 << 20, $"{held} bytes while the export lived");
        Assert.True(context.Info.MemoryInUse < 1 << 20);
        Assert.Throws<ObjectDisposedException>(() => export.Address);
    }

    [Fact]
    public void Another_type_or_layout_is_refused()
    {
        float* data = stackalloc float[6];
        long* shape = stackalloc long[2] { 2, 3 };
        long* strides = stackalloc long[2] { 1, 2 };
        var tensor = new DlpackTensor
        {
            Data = data,
            DeviceType = 1,
            Ndim = 2,
            TypeCode = 2,
            TypeBits = 32,
            TypeLanes = 1,
            Shape = shape,
        };

        nint address = (nint)(&tensor);
        Assert.Equal(new TensorShape(2, 3), Dlpack.View<float>(address).Shape);
        Assert.Throws<ArgumentException>(() => Dlpack.View<int>(address).Shape);
        tensor.Strides = strides;
        var error = Assert.Throws<LpossException>(() => Dlpack.View<float>(address).Shape);
        Assert.Equal(LpossErrorCode.Unsupported, error.Code);
        Assert.Contains("stride", error.Message, StringComparison.Ordinal);
    }
}
