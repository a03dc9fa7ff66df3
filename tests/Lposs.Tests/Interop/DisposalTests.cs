using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Tests.Interop;

/// <summary>Contexts, graphs and device memory may be disposed in any order, by hand or by the finalizer.</summary>
public sealed class DisposalTests
{
    private static readonly LpossContextOptions s_oneThread = new() { Threads = 1 };

    [Fact]
    public void A_graph_outlives_the_context_that_made_it()
    {
        LpossGraph graph;
        using (var first = new LpossContext(s_oneThread))
            graph = PathOfThree(first);

        using var second = new LpossContext(s_oneThread);
        float[] x = Propagate(second, graph);
        graph.Dispose();

        // (I - 0.95 S) x = (1, 0, 0) with the degrees 1, 2, 1, by hand.
        Assert.Equal(5.628205, x[0], 1e-4);
        Assert.Equal(6.889755, x[1], 1e-4);
        Assert.Equal(4.628205, x[2], 1e-4);
    }

    [Fact]
    public void A_context_outlives_its_graph()
    {
        using var context = new LpossContext(s_oneThread);
        var graph = PathOfThree(context);
        graph.Dispose();
        graph.Dispose();

        Assert.Throws<ObjectDisposedException>(() => Propagate(context, graph));
        using var other = PathOfThree(context);
        Assert.Equal(3, Propagate(context, other).Length);
    }

    [Fact]
    public void Memory_outlives_the_disposal_of_its_context()
    {
        var context = new LpossContext(s_oneThread);
        var memory = context.Allocate<float>(2, 3);
        context.Dispose();

        memory.Dispose();
        memory.Dispose();

        Assert.Throws<ObjectDisposedException>(() => memory.View.Shape);
    }

    [Fact]
    public void Memory_holds_what_was_copied_to_it()
    {
        using var context = new LpossContext(s_oneThread);
        using var memory = context.Allocate<float>(2, 3);
        float[] back = new float[6];

        memory.CopyFrom(new ReadOnlyTensorView<float>([1, 2, 3, 4, 5, 6], 2, 3));
        memory.CopyTo(new TensorView<float>(back, 2, 3));

        Assert.Equal([1, 2, 3, 4, 5, 6], back);
        Assert.False(memory.View.IsOnDevice);
        Failing.With(LpossErrorCode.InvalidArgument, () => memory.CopyTo(new TensorView<float>(back, 3, 2)));
    }

    [Fact]
    public void Memory_counts_in_its_context()
    {
        using var context = new LpossContext(s_oneThread);
        long before = context.Info.MemoryInUse;
        var memory = context.Allocate<byte>(1 << 20);
        long during = context.Info.MemoryInUse;
        memory.Dispose();

        Assert.True(during - before >= 1 << 20, $"{before} bytes before, {during} with a tensor of 2^20");
        Assert.True(context.Info.MemoryPeak >= during);
        context.ResetMemoryPeak();
    }

    [Fact]
    public void What_nobody_disposes_is_collected_in_whatever_order()
    {
        Abandon();
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        using var context = new LpossContext(s_oneThread);
        using var graph = PathOfThree(context);
        Assert.Equal(3, Propagate(context, graph).Length);
    }

    [Fact]
    public void Threads_may_share_a_context_and_a_graph()
    {
        using var context = new LpossContext(s_oneThread);
        using var graph = PathOfThree(context);
        float[] expected = Propagate(context, graph);

        Parallel.For(0, 64, _ => Assert.Equal(expected, Propagate(context, graph)));
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void Abandon()
    {
        for (int i = 0; i < 20; i++)
        {
            var context = new LpossContext(s_oneThread);
            _ = PathOfThree(context);
            _ = context.Allocate<float>(1000);
        }
    }

    private static LpossGraph PathOfThree(LpossContext context) =>
        LpossGraph.FromCsr(context, [0, 1, 3, 4], [1, 0, 2, 1], [1, 1, 1, 1]);

    private static float[] Propagate(LpossContext context, LpossGraph graph)
    {
        float[] x = new float[3];
        context.Propagate(graph, new ReadOnlyTensorView<float>([1, 0, 0], 3, 1), new TensorView<float>(x, 3, 1));
        return x;
    }
}
