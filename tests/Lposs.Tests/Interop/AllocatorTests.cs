using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Tests.Interop;

public sealed class AllocatorTests
{
    [Fact]
    public void All_memory_of_a_context_comes_from_its_allocator_and_goes_back()
    {
        var memory = new CountingAllocator();
        using (var context = new LpossContext(new LpossContextOptions { Threads = 1, Allocator = memory }))
        {
            using var tensor = context.Allocate<float>(3, 5);
            using var graph = LpossGraph.FromImage(context, new ReadOnlyTensorView<byte>(new byte[3 * 12], 3, 4, 3));
            Assert.True(memory.Allocated >= 3, $"only {memory.Allocated} blocks were asked for");
        }

        GC.Collect();
        Assert.Equal(memory.Allocated, memory.Released);
        Assert.Equal(0, memory.Live);
    }

    [Fact]
    public void A_graph_that_outlives_its_context_keeps_the_allocator()
    {
        var memory = new CountingAllocator();
        var context = new LpossContext(new LpossContextOptions { Threads = 1, Allocator = memory });
        var graph = LpossGraph.FromImage(context, new ReadOnlyTensorView<byte>(new byte[3 * 12], 3, 4, 3));
        context.Dispose();
        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.NotEqual(0, memory.Live);
        graph.Dispose();
        Assert.Equal(0, memory.Live);
    }

    [Fact]
    public void No_memory_and_an_exception_are_the_same_failure()
    {
        foreach (
            var memory in new LpossAllocator[]
            {
                new CountingAllocator { Most = 0 },
                new ThrowingAllocator(),
            }
        )
        {
            using var context = new LpossContext(new LpossContextOptions { Threads = 1, Allocator = memory });
            Failing.With(LpossErrorCode.OutOfMemory, () => context.Allocate<float>(1024));
        }
    }

    /// <summary>Host memory that knows what of it is out.</summary>
    private sealed unsafe class CountingAllocator : LpossAllocator
    {
        private readonly ConcurrentDictionary<nint, long> _live = new();

        public int Most { get; init; } = int.MaxValue;

        public int Allocated { get; private set; }

        public int Released { get; private set; }

        public int Live => _live.Count;

        protected internal override nint Allocate(long bytes, CudaStreamHandle stream)
        {
            Assert.Equal(0UL, stream.Address);
            if (Allocated >= Most)
                return 0;
            Allocated++;
            nint address = (nint)NativeMemory.AlignedAlloc((nuint)bytes, 256);
            Assert.True(_live.TryAdd(address, bytes));
            return address;
        }

        protected internal override void Release(nint address, long bytes, CudaStreamHandle stream)
        {
            Assert.True(_live.TryRemove(address, out long size));
            Assert.Equal(size, bytes);
            Released++;
            NativeMemory.AlignedFree((void*)address);
        }
    }

    private sealed class ThrowingAllocator : LpossAllocator
    {
        protected internal override nint Allocate(long bytes, CudaStreamHandle stream) =>
            throw new NotSupportedException("no memory today");

        protected internal override void Release(nint address, long bytes, CudaStreamHandle stream) =>
            throw new NotSupportedException();
    }
}
