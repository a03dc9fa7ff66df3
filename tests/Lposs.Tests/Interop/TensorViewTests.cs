using Lposs.Interop;
using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Tests.Interop;

public sealed unsafe class TensorViewTests
{
    [Fact]
    public void A_view_becomes_the_struct_of_the_library()
    {
        float[] data = new float[24];
        var view = new ReadOnlyTensorView<float>(data, 2, 3, 4);
        fixed (float* pinned = view)
        {
            NativeTensor tensor = view.At(pinned);

            Assert.Equal(NativeDtype.Float32, tensor.Dtype);
            Assert.Equal(NativeMemoryKind.Host, tensor.Memory);
            Assert.Equal(3, tensor.Ndim);
            Assert.Equal([2, 3, 4], new ReadOnlySpan<long>(tensor.Shape, 3).ToArray());
            fixed (float* first = data)
                Assert.True(first == tensor.Data);
        }
    }

    [Fact]
    public void A_device_pointer_passes_through_untouched()
    {
        var view = new TensorView<int>(new DevicePointer(0x7F00_1234_5600), 5);
        fixed (int* pinned = view)
        {
            NativeTensor tensor = view.AsReadOnly().At(pinned);

            Assert.True(view.IsOnDevice);
            Assert.Equal(NativeMemoryKind.Cuda, tensor.Memory);
            Assert.Equal(NativeDtype.Int32, tensor.Dtype);
            Assert.Equal(0x7F00_1234_5600UL, (ulong)tensor.Data);
        }
        Assert.Equal(new DevicePointer(0x7F00_1234_5680), new DevicePointer(0x7F00_1234_5600).Offset(0x80));
    }

    [Fact]
    public void A_device_pointer_is_refused_by_a_context_on_the_processor()
    {
        using var context = new LpossContext(new LpossContextOptions { Threads = 1 });

        var error = Failing.With(
            LpossErrorCode.InvalidArgument,
            () =>
                context.Resize(
                    new ReadOnlyTensorView<float>(new DevicePointer(4096), 1, 1, 1),
                    new TensorView<float>(new float[4], 2, 2, 1)
                )
        );

        Assert.Contains("CUDA", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_that_is_not_given_has_no_dimensions()
    {
        ReadOnlyTensorView<float> none = default;
        NativeTensor tensor = none.At(null);

        Assert.Equal(0, tensor.Ndim);
        Assert.True(tensor.Data == null);
        Assert.Equal((uint)sizeof(NativeTensor), tensor.StructSize);
    }

    [Theory]
    [InlineData(new long[] { 2, 3 }, 5)]
    [InlineData(new long[] { 2, 3 }, 7)]
    [InlineData(new long[] { -2, -3 }, 6)]
    [InlineData(new long[] { 1L << 32, 1L << 32 }, 0)]
    [InlineData(new long[] { 1, 1, 1, 1, 1 }, 1)]
    [InlineData(new long[0], 0)]
    public void A_shape_that_is_not_that_of_the_data_is_refused(long[] shape, int length) =>
        Assert.Throws<ArgumentException>(() => new ReadOnlyTensorView<float>(new float[length], shape).Shape);

    [Fact]
    public void Elements_that_the_library_has_no_type_for_are_refused() =>
        Assert.Throws<NotSupportedException>(() => TensorElement.Dtype<double>());
}
