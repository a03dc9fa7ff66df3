using System.Runtime.InteropServices;
using Lposs.Interop;
using Xunit;

namespace Lposs.Tests.Interop;

/// <summary>The table of parameters is written in the core and here; this holds them together.</summary>
public sealed unsafe class ParameterRangeTests
{
    [Fact]
    public void The_table_is_the_cores_but_for_its_two_flags()
    {
        var core = CoreTable();

        Assert.Equal(
            core.Where(row => !row.StartsWith("patch_graph.centre", StringComparison.Ordinal))
                .Where(row => !row.StartsWith("solver.subtract_class_mean", StringComparison.Ordinal)),
            ParameterRange.All.Select(range =>
                Row(
                    range.Name,
                    range.Default,
                    range.Minimum,
                    range.Maximum,
                    range.ExcludesMinimum,
                    range.ExcludesMaximum
                )
            )
        );
        Assert.Equal(ParameterRange.All.Count + 2, core.Count);
    }

    [Theory]
    [InlineData("patch_graph.k", "of 1 or more")]
    [InlineData("patch_graph.gamma", "above 0")]
    [InlineData("pixel_graph.radius", "from 1 to 15")]
    [InlineData("solver.alpha", "of 0 or more and below 1")]
    public void A_range_reads_as_a_sentence_goes_on(string name, string words) =>
        Assert.Equal(words, ParameterRange.All.Single(range => range.Name == name).ToString());

    [Fact]
    public void A_range_holds_its_bounds_unless_it_excludes_them()
    {
        Assert.True(ParameterRange.Radius.Contains(1));
        Assert.True(ParameterRange.Radius.Contains(15));
        Assert.False(ParameterRange.Radius.Contains(16));
        Assert.False(ParameterRange.Tau.Contains(0));
        Assert.True(ParameterRange.Alpha.Contains(0));
        Assert.False(ParameterRange.Alpha.Contains(1));
        Assert.False(ParameterRange.Tolerance.Contains(double.NaN));
        Assert.False(ParameterRange.Tolerance.Contains(double.PositiveInfinity));
    }

    private static List<string> CoreTable()
    {
        Assert.Equal(NativeStatusCode.Ok, NativeMethods.OptionCount(out int count));
        var rows = new List<string>();
        for (int i = 0; i < count; i++)
        {
            NativeOptionInfo info;
            NativeMethods.OptionInfoInit(&info);
            Assert.Equal(NativeStatusCode.Ok, NativeMethods.OptionGetInfo(i, &info));
            rows.Add(
                Row(
                    Marshal.PtrToStringUTF8((nint)info.Name)!,
                    info.Standard,
                    info.Minimum,
                    info.Maximum,
                    info.ExcludesMinimum != 0,
                    info.ExcludesMaximum != 0
                )
            );
        }
        return rows;
    }

    private static string Row(
        string name,
        double standard,
        double minimum,
        double maximum,
        bool excludesMinimum,
        bool excludesMaximum
    ) => FormattableString.Invariant($"{name} {standard} {minimum} {maximum} {excludesMinimum} {excludesMaximum}");
}
