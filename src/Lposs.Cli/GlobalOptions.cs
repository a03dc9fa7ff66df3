using System.CommandLine;
using Lposs.Cli.Output;

namespace Lposs.Cli;

/// <summary>What a sub-command does: prints through the output, stops when cancelled, returns the exit code.</summary>
internal delegate int CommandAction(ParseResult parse, CommandOutput output, CancellationToken cancellation);

/// <summary>The options that every sub-command has, and how one is run.</summary>
internal sealed class GlobalOptions(Interruption interruption)
{
    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Print one JSON document on standard output and nothing else there.",
        Recursive = true,
    };

    public Option<bool> Quiet { get; } = new("--quiet", "-q")
    {
        Description = "Print errors only; with --json, the document and errors.",
        Recursive = true,
    };

    /// <summary>Makes an action that of a command. Failures become one sentence and an exit code.</summary>
    public void Bind(Command command, CommandAction action) => command.SetAction(parse =>
    {
        var output = new CommandOutput(parse.GetValue(Json), parse.GetValue(Quiet));
        try
        {
            return action(parse, output, interruption.Token);
        }
        catch (OperationCanceledException)
        {
            output.ClearProgress();
            return interruption.ExitCode;
        }
        catch (Exception error)
        {
            var failure = Failure.Of(error);
            output.Fail(failure.Sentence, error);
            return failure.ExitCode;
        }
    });
}
