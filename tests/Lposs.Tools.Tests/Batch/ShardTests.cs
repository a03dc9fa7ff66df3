using Lposs.Tools.Batch;
using Xunit;

namespace Lposs.Tools.Tests.Batch;

public sealed class ShardTests
{
    [Fact]
    public void Each_name_belongs_to_exactly_one_part_and_stays_there()
    {
        string[] names = [.. Enumerable.Range(0, 1000).Select(i => $"folder/image{i}.jpg")];
        int[] counts = new int[7];
        foreach (string name in names)
        {
            int part = Assert.Single(Enumerable.Range(0, 7), i => new Shard(i, 7).Contains(name));
            counts[part]++;
        }
        // 143 on average; six standard deviations of a fair split are 66.
        Assert.All(counts, count => Assert.InRange(count, 77, 209));
        // Known values: the split is part of what a run in parts relies on between versions and machines.
        Assert.Equal("1 0 0", $"{PartOf("a.jpg")} {PartOf("b.jpg")} {PartOf("dir/c.png")}");
    }

    private static int PartOf(string name) => Enumerable.Range(0, 5).Single(i => new Shard(i, 5).Contains(name));

    [Theory]
    [InlineData("0/1", 0, 1)]
    [InlineData("2/8", 2, 8)]
    public void A_part_and_a_count_are_read(string text, int index, int count) =>
        Assert.Equal(new Shard(index, count), Shard.Parse(text, _ => null));

    [Theory]
    [InlineData("8/8")]
    [InlineData("-1/8")]
    [InlineData("1")]
    [InlineData("1/0")]
    [InlineData("1/2/3")]
    [InlineData("0/100001")]
    [InlineData("99999999999/99999999999")]
    [InlineData("")]
    public void Anything_else_is_refused(string text) =>
        Assert.Contains(
            "it may be auto",
            Assert.Throws<LpossException>(() => Shard.Parse(text, _ => null)).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("SLURM=3 4 0 3", 3, 4)]
    [InlineData("SLURM=4 4 1 4", 3, 4)]
    [InlineData("SLURM=0 1 0 0", 0, 1)]
    [InlineData("SLURM=2 8 0 14,SLURM_ARRAY_TASK_STEP=2", 1, 8)]
    // One task again, of an array whose size is declared.
    [InlineData("SLURM=5 1 5 5,LPOSS_SHARD_COUNT=8", 5, 8)]
    [InlineData("SLURM=7 2 3 7,LPOSS_SHARD_COUNT=8", 7, 8)]
    [InlineData("JOB_COMPLETION_INDEX=2,LPOSS_SHARD_COUNT=3", 2, 3)]
    [InlineData("RANK=0,WORLD_SIZE=16", 0, 16)]
    public void Auto_reads_the_environment(string environment, int index, int count) =>
        Assert.Equal(new Shard(index, count), Shard.Parse("auto", Environment(environment)));

    [Theory]
    [InlineData("")]
    [InlineData("SLURM_ARRAY_TASK_ID=3")]
    [InlineData("SLURM_ARRAY_TASK_ID=9,SLURM_ARRAY_TASK_COUNT=2,SLURM_ARRAY_TASK_MIN=1")]
    [InlineData("SLURM=8 1 8 8,LPOSS_SHARD_COUNT=8")]
    [InlineData("RANK=16,WORLD_SIZE=16")]
    [InlineData("JOB_COMPLETION_INDEX=2")]
    [InlineData("RANK=x,WORLD_SIZE=16")]
    public void Auto_refuses_an_environment_that_names_no_part(string environment)
    {
        var error = Assert.Throws<LpossException>(() => Shard.Parse("auto", Environment(environment)));

        Assert.Equal((LpossErrorCode.InvalidArgument, "Shard"), (error.Code, error.Argument));
        Assert.StartsWith("the environment has ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5 1 5 5")] // one task that was submitted again
    [InlineData("3 2 3 7", "7 2 3 7")] // --array=3,7
    [InlineData("0 3 0 14", "2 3 0 14", "14 3 0 14")] // --array=0,2,14
    [InlineData("2 8 0 14")] // --array=0-14:2, where Slurm does not say the step
    [InlineData("10 4 10 13", "13 4 10 13")]
    public void Of_an_array_that_may_be_a_part_of_one_every_task_is_refused(params string[] tasks)
    {
        foreach (string task in tasks)
        {
            var error = Assert.Throws<LpossException>(() => Shard.Parse("auto", Environment("SLURM=" + task)));
            Assert.Contains("LPOSS_SHARD_COUNT", error.Message, StringComparison.Ordinal);
        }
    }

    private static Func<string, string?> Environment(string text)
    {
        if (text.StartsWith("SLURM=", StringComparison.Ordinal))
        {
            string[] numbers = text["SLURM=".Length..].Split(',')[0].Split(' ');
            string[] names = ["ID", "COUNT", "MIN", "MAX"];
            text =
                string.Join(',', names.Zip(numbers, (name, number) => $"SLURM_ARRAY_TASK_{name}={number}"))
                + text[(text + ",").IndexOf(',', StringComparison.Ordinal)..];
        }
        var variables = text.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(variable => variable.Split('='))
            .ToDictionary(parts => parts[0], parts => parts[1]);
        return name => variables.GetValueOrDefault(name);
    }
}
