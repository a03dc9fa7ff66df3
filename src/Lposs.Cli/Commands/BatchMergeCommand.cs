using System.CommandLine;
using Lposs.Batch;

namespace Lposs.Cli.Commands;

/// <summary><c>lposs batch merge DIR</c>: the parts of a collection become one run.</summary>
internal static class BatchMergeCommand
{
    public static Command Create(GlobalOptions global)
    {
        var folder = new Argument<string>("DIR") { Description = "The folder that all parts wrote to." };
        var merge = new Command("merge", "Join the parts of a collection that lposs batch --shard did: reports, failed pictures, files for the whole collection.")
        {
            folder,
        };
        global.Bind(merge, (parse, output, _) =>
        {
            string path = parse.GetRequiredValue(folder);
            var report = ShardMerge.Run(path);
            using var reporter = new BatchReporter(output);
            reporter.End(report, path);
            return report.Failed > 0 ? ExitCode.Failed : ExitCode.Done;
        });
        return merge;
    }
}
