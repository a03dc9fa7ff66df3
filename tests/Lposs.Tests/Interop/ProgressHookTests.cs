using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Tests.Interop;

/// <summary>Progress and cancellation of a call of the core.</summary>
public sealed class ProgressHookTests
{
    private const int Height = 300;
    private const int Width = 400;

    private static SegmentReport Refine(
        LpossContext context,
        IProgress<double>? progress,
        CancellationToken cancellationToken
    )
    {
        byte[] pixels = [.. Enumerable.Range(0, Height * Width * 3).Select(i => (byte)(i * 37 % 251))];
        ushort[] labels = [.. Enumerable.Range(0, Height * Width).Select(i => (ushort)(i / 97 % 4))];
        byte[] sharp = new byte[Height * Width];
        context.Refine(
            new RefineInputs
            {
                Image = new ReadOnlyTensorView<byte>(pixels, Height, Width, 3),
                Labels = new ReadOnlyTensorView<ushort>(labels, Height, Width),
                Classes = 4,
            },
            new SegmentOutputs { Labels = new TensorView<byte>(sharp, Height, Width) },
            null,
            null,
            out var report,
            progress,
            cancellationToken
        );
        return report;
    }

    private sealed class Collected(Action<double> act) : IProgress<double>
    {
        public List<double> Fractions { get; } = [];

        public void Report(double value)
        {
            Fractions.Add(value);
            act(value);
        }
    }

    [Fact]
    public void Progress_goes_from_none_to_all()
    {
        using var context = new LpossContext();
        var progress = new Collected(_ => { });
        Refine(context, progress, CancellationToken.None);
        Assert.NotEmpty(progress.Fractions);
        Assert.Equal(progress.Fractions.Order(), progress.Fractions);
        Assert.All(progress.Fractions, fraction => Assert.InRange(fraction, 0, 1));
    }

    [Fact]
    public void A_cancelled_token_ends_the_call_half_way_and_the_context_goes_on()
    {
        using var context = new LpossContext();
        using var source = new CancellationTokenSource();
        var progress = new Collected(fraction =>
        {
            if (fraction > 0.05)
                source.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => Refine(context, progress, source.Token));
        Assert.InRange(progress.Fractions[^1], 0.05, 0.9);
        Refine(context, null, CancellationToken.None);
    }

    [Fact]
    public void What_the_progress_throws_ends_the_call_and_is_the_inner_exception()
    {
        using var context = new LpossContext();
        var cause = new InvalidOperationException("no room for it");
        var error = Failing.With(
            LpossErrorCode.Cancelled,
            () => Refine(context, new Collected(_ => throw cause), CancellationToken.None)
        );
        Assert.Same(cause, error.InnerException);
        Refine(context, null, CancellationToken.None);
    }
}
