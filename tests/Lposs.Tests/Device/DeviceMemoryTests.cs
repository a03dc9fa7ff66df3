using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Tests.Device;

/// <summary>Callers' own device memory, streams and allocators through the public interface.</summary>
[Collection(CudaDevice.Category)]
[Trait("Category", CudaDevice.Category)]
public sealed class DeviceMemoryTests
{
    private static readonly LpossContextOptions s_cuda = new() { Device = LpossDevice.Cuda };

    [SkippableFact]
    public void Calls_take_device_pointers_of_anybody_and_leave_results_on_the_device()
    {
        CudaDevice.Require();
        using var owner = new LpossContext(s_cuda);
        using var memory = owner.Allocate<float>(64);
        memory.CopyFrom(new ReadOnlyTensorView<float>([1, 2, 3, 4, .. new float[60]], 64));
        // Another context, which knows the memory by its address only, as it would that of CudaDeviceVariable.
        using var context = new LpossContext(s_cuda with { Stream = owner.Stream });
        var input = new ReadOnlyTensorView<float>(memory.DevicePointer, 2, 2, 1);
        var output = new TensorView<float>(memory.DevicePointer.Offset(16 * sizeof(float)), 4, 4, 1);

        context.Resize(input, output);
        float[] found = new float[16];
        context.Copy(output, new TensorView<float>(found, 4, 4, 1));

        using var processor = new LpossContext();
        float[] expected = new float[16];
        processor.Resize(
            new ReadOnlyTensorView<float>([1, 2, 3, 4], 2, 2, 1),
            new TensorView<float>(expected, 4, 4, 1)
        );
        Assert.Equal(expected, found);
    }

    [SkippableFact]
    public void A_context_has_a_stream_of_its_own_or_the_one_that_it_was_given()
    {
        CudaDevice.Require();
        using var first = new LpossContext(s_cuda);
        using var second = new LpossContext(s_cuda);
        using var guest = new LpossContext(s_cuda with { Stream = first.Stream });

        Assert.NotEqual(0UL, first.Stream.Address);
        Assert.NotEqual(first.Stream, second.Stream);
        Assert.Equal(first.Stream, guest.Stream);
    }

    [SkippableFact]
    public void An_allocator_gives_device_memory_and_is_told_the_stream()
    {
        CudaDevice.Require();
        using var driver = new LpossContext(s_cuda);
        var allocator = new BorrowingAllocator(driver);
        CudaStreamHandle stream;
        using (var context = new LpossContext(s_cuda with { Allocator = allocator }))
        {
            stream = context.Stream;
            using var tensor = context.Allocate<float>(5);
            tensor.CopyFrom(new ReadOnlyTensorView<float>([1, 2, 3, 4, 5], 5));
        }

        Assert.NotEmpty(allocator.Streams);
        Assert.All(allocator.Streams, given => Assert.Equal(stream, given));
        Assert.Equal(0, allocator.Live);
    }

    [SkippableFact]
    public void A_tensor_goes_through_dlpack_as_device_memory()
    {
        CudaDevice.Require();
        using var context = new LpossContext(s_cuda);
        using var tensor = context.Allocate<float>(3);
        using var export = tensor.ToDlpack();

        var view = Dlpack.View<float>(export.Address);

        Assert.True(view.IsOnDevice);
        context.Copy(new ReadOnlyTensorView<float>([7, 8, 9], 3), view);
        float[] back = new float[3];
        tensor.CopyTo(new TensorView<float>(back, 3));
        Assert.Equal([7, 8, 9], back);
    }

    /// <summary>Device memory that another context lends.</summary>
    private sealed class BorrowingAllocator(LpossContext lender) : LpossAllocator
    {
        private readonly Dictionary<nint, DeviceTensor<byte>> _live = [];

        public List<CudaStreamHandle> Streams { get; } = [];

        public int Live => _live.Count;

        protected internal override nint Allocate(long bytes, CudaStreamHandle stream)
        {
            Streams.Add(stream);
            var block = lender.Allocate<byte>(bytes);
            nint address = (nint)block.DevicePointer.Address;
            _live.Add(address, block);
            return address;
        }

        protected internal override void Release(nint address, long bytes, CudaStreamHandle stream)
        {
            Assert.True(_live.Remove(address, out var block));
            block!.Dispose();
        }
    }
}
