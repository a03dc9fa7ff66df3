using Xunit;

namespace Lposs.Cli.Tests;

public sealed class BenchCommandTests
{
    private static readonly string[] s_small =
    [
        "--size",
        "24x40",
        "--classes",
        "3",
        "--dimensions",
        "16",
        "--repeats",
        "1",
        "--threads",
        "1",
    ];

    [Fact]
    public void The_document_has_every_stage_checked_against_the_spec()
    {
        var bench = LpossCommand.Run(AppContext.BaseDirectory, ["bench", .. s_small, "--json"]).AssertDone().Json;

        Assert.Equal("24x40", bench.GetProperty("size").GetString());
        Assert.InRange(bench.GetProperty("spec_error").GetDouble(), 0, 1e-4);
        foreach (string stage in new[] { "patch_graph", "patch_solve", "pixel_graph", "pixel_solve" })
        {
            var figures = bench.GetProperty("stages").GetProperty(stage);
            foreach (string figure in new[] { "ms", "gflops", "gbps", "ceiling_share" })
                Assert.True(figures.GetProperty(figure).GetDouble() > 0, $"{stage}.{figure}");
        }
    }

    [Fact]
    public void The_table_names_the_ceilings()
    {
        var run = LpossCommand.Run(AppContext.BaseDirectory, ["bench", .. s_small, "--no-check"]).AssertDone();
        Assert.Contains("ceilings", run.Output, StringComparison.Ordinal);
        Assert.Contains("pixel_solve", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_value_is_a_usage_mistake()
    {
        var run = LpossCommand.Run(AppContext.BaseDirectory, "bench", "--size", "448");
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("lposs_bench: --size: '448' is not HEIGHTxWIDTH", run.Error, StringComparison.Ordinal);
    }
}
