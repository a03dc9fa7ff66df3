using Lposs.Tools.Batch;
using Xunit;

namespace Lposs.Tools.Tests.Batch;

public sealed class ByteBudgetTests
{
    [Fact]
    public async Task Who_asks_first_is_served_first_also_when_a_later_one_would_fit()
    {
        var budget = new ByteBudget(10);
        var first = await budget.TakeAsync(8, CancellationToken.None);
        var large = budget.TakeAsync(9, CancellationToken.None);
        var small = budget.TakeAsync(1, CancellationToken.None);
        await Task.Delay(20);
        Assert.False(large.IsCompleted || small.IsCompleted);
        first.Dispose();
        first.Dispose(); // Once is enough, twice does no harm.
        await Task.WhenAll(large, small).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(10, budget.Peak);
    }

    [Fact]
    public async Task One_that_is_larger_than_all_goes_alone()
    {
        var budget = new ByteBudget(10);
        var first = await budget.TakeAsync(1, CancellationToken.None);
        var huge = budget.TakeAsync(1000, CancellationToken.None);
        await Task.Delay(20);
        Assert.False(huge.IsCompleted);
        first.Dispose();
        var alone = await huge.WaitAsync(TimeSpan.FromSeconds(10));
        var next = budget.TakeAsync(1, CancellationToken.None);
        await Task.Delay(20);
        Assert.False(next.IsCompleted);
        alone.Dispose();
        await next.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task One_that_gave_up_waiting_takes_nothing()
    {
        var budget = new ByteBudget(10);
        var first = await budget.TakeAsync(10, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var waiting = budget.TakeAsync(5, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        first.Dispose();
        await budget.TakeAsync(10, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));
    }
}
