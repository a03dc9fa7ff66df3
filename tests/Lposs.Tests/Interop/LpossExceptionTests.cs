using Lposs.Interop;
using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Tests.Interop;

public sealed class LpossExceptionTests : IDisposable
{
    private readonly LpossContext _context = new(new LpossContextOptions { Threads = 1 });

    public void Dispose() => _context.Dispose();

    [Fact]
    public void A_wrong_shape_is_an_argument_exception_that_names_the_argument()
    {
        var error = Failing.With(
            LpossErrorCode.InvalidArgument,
            () =>
                _context.Similarity(
                    new ReadOnlyTensorView<float>(new float[6], 2, 3),
                    new ReadOnlyTensorView<float>(new float[4], 1, 4),
                    new TensorView<float>(new float[2], 2, 1)
                )
        );

        Assert.Equal(LpossErrorCode.InvalidArgument, error.Code);
        Assert.Contains("text", error.Message, StringComparison.Ordinal);
        Assert.Contains("4", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_value_that_is_not_finite_is_an_argument_exception_with_its_own_status(float value)
    {
        var error = Failing.With(
            LpossErrorCode.NotFinite,
            () =>
                _context.Similarity(
                    new ReadOnlyTensorView<float>([1, 2, value], 1, 3),
                    new ReadOnlyTensorView<float>([1, 0, 0], 1, 3),
                    new TensorView<float>(new float[1], 1, 1)
                )
        );

        Assert.Equal(LpossErrorCode.NotFinite, error.Code);
        Assert.Contains("features", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_memory_limit_that_is_too_small_is_a_memory_exception_with_both_numbers()
    {
        using var small = new LpossContext(new LpossContextOptions { Threads = 1, MemoryLimit = 4096 });

        var error = Failing.With(
            LpossErrorCode.MemoryLimit,
            () =>
            {
                using var graph = LpossGraph.FromImage(
                    small,
                    new ReadOnlyTensorView<byte>(new byte[100 * 100 * 3], 100, 100, 3)
                );
            }
        );

        Assert.Equal(LpossErrorCode.MemoryLimit, error.Code);
        Assert.Contains("4096", error.Message.Replace(",", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_is_not_there_is_a_device_exception()
    {
        var error = Failing.With(
            LpossErrorCode.DeviceUnavailable,
            () => new LpossContext(new LpossContextOptions { Device = LpossDevice.Cuda, DeviceIndex = 999 }).Dispose()
        );

        Assert.Equal(LpossErrorCode.DeviceUnavailable, error.Code);
        Assert.NotEmpty(error.Message);
    }

    [Fact]
    public void An_option_out_of_range_is_an_argument_exception()
    {
        var error = Failing.With(
            LpossErrorCode.InvalidArgument,
            () => new LpossContext(new LpossContextOptions { Threads = -1 }).Dispose()
        );

        Assert.Contains("-1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_parameter_out_of_range_names_itself()
    {
        using var graph = LpossGraph.FromCsr(_context, [0, 0], [], []);

        var error = Failing.With(
            LpossErrorCode.InvalidArgument,
            () =>
                _context.Propagate(
                    graph,
                    new ReadOnlyTensorView<float>([1], 1, 1),
                    new TensorView<float>(new float[1], 1, 1),
                    new SolverParameters { Alpha = 1 }
                )
        );

        Assert.Contains("alpha", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, LpossErrorCode.InvalidArgument)]
    [InlineData(2, LpossErrorCode.NotFinite)]
    [InlineData(3, LpossErrorCode.OutOfMemory)]
    [InlineData(4, LpossErrorCode.MemoryLimit)]
    [InlineData(5, LpossErrorCode.DeviceUnavailable)]
    [InlineData(6, LpossErrorCode.DeviceFailed)]
    [InlineData(7, LpossErrorCode.Unsupported)]
    [InlineData(8, LpossErrorCode.Internal)]
    public void Every_status_has_its_code_and_never_an_empty_message(int number, LpossErrorCode code)
    {
        var status = (NativeStatusCode)number;
        var error = NativeStatus.Exception(status, "");

        Assert.Equal(code, error.Code);
        Assert.StartsWith("LPOSS_ERROR_", error.Message, StringComparison.Ordinal);
        Assert.Equal("its own text", NativeStatus.Exception(status, "its own text").Message);
    }

    [Fact]
    public void A_call_on_a_disposed_context_is_refused()
    {
        var context = new LpossContext(new LpossContextOptions { Threads = 1 });
        context.Dispose();
        context.Dispose();

        Assert.Throws<ObjectDisposedException>(() => context.Info);
        Assert.Throws<ObjectDisposedException>(context.Synchronize);
    }
}
