using Xunit;

namespace Lposs.Tests.Support;

/// <summary>Calls that must fail for a certain reason.</summary>
internal static class Failing
{
    public static LpossException With(LpossErrorCode code, Action call) =>
        Checked(code, Assert.Throws<LpossException>(call));

    public static LpossException With(LpossErrorCode code, Func<object?> call) =>
        Checked(code, Assert.Throws<LpossException>(call));

    public static async Task<LpossException> WithAsync(LpossErrorCode code, Func<Task> call) =>
        Checked(code, await Assert.ThrowsAsync<LpossException>(call));

    private static LpossException Checked(LpossErrorCode code, LpossException error)
    {
        Assert.Equal(code, error.Code);
        return error;
    }
}
