using System.CommandLine;
using Lposs.Tools.Batch;

namespace Lposs.Cli.Options;

/// <summary>Which part of a collection a process does.</summary>
internal static class ShardOption
{
    public static Option<Shard?> Create() =>
        new("--shard")
        {
            Description =
                "Do one part of the collection, such as 2/8, from 0; auto: the part that a job array's task, an "
                + "indexed job's "
                + "pod or a rank stands for (SLURM_ARRAY_TASK_ID and _COUNT, JOB_COMPLETION_INDEX with "
                + "LPOSS_SHARD_COUNT, RANK and WORLD_SIZE). "
                + "lposs batch merge joins the parts. [default: all of it]",
            HelpName = "INDEX/COUNT|auto",
            CustomParser = result =>
            {
                try
                {
                    return Shard.Parse(result.Tokens[0].Value, Environment.GetEnvironmentVariable);
                }
                catch (LpossException error)
                {
                    result.AddError(
                        error.Allowed is { } allowed ? $"--shard is {error.Value}; it may be {allowed}." : error.Message
                    );
                    return null;
                }
            },
        };
}
