using System.CommandLine;

namespace Lposs.Cli.Commands;

/// <summary><c>lposs eval</c>: how good label maps are.</summary>
internal static class EvalCommand
{
    public static Command Create(GlobalOptions global) => new("eval", "Measure label maps against the truth: mIoU and Boundary IoU.")
    {
        new EvalMapsCommand().Build(global),
        new EvalRunCommand().Build(global),
        new EvalOracleCommand().Build(global),
    };
}
