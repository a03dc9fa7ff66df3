using System.CommandLine;
using Lposs.Cli.Options;
using Lposs.Cli.Output;

namespace Lposs.Cli.Commands;

/// <summary>What a command is run with.</summary>
/// <param name="Parse">The command line.</param>
/// <param name="Output">Where the command says what it has to say.</param>
/// <param name="CancellationToken">Cancelled by Ctrl-C and SIGTERM.</param>
internal sealed record CommandCall(ParseResult Parse, CommandOutput Output, CancellationToken CancellationToken)
{
    public T? Value<T>(Option<T> option) => Parse.GetValue(option);

    public T? Value<T>(Argument<T> argument) => Parse.GetValue(argument);

    public T Required<T>(Option<T> option) => Parse.GetRequiredValue(option);

    public T Required<T>(Argument<T> argument) => Parse.GetRequiredValue(argument);
}

/// <summary>
/// The skeleton of every command: it names what it takes, and is run with what was given. <see cref="CommandHost"/>
/// deals with failures and signals.
/// </summary>
internal abstract class CliCommand : Command
{
    protected CliCommand(CommandHost host, string name, string description)
        : base(name, description) => SetAction((parse, _) => host.RunAsync(parse, RunAsync));

    /// <summary>Whether the same command goes on where it was interrupted.</summary>
    public virtual bool Resumes => false;

    /// <summary>Adds arguments and options, in the order of <c>--help</c>.</summary>
    protected void Takes(params ReadOnlySpan<CommandPart> parts)
    {
        foreach (var part in parts)
            part.AddTo(this);
    }

    /// <summary>Does the work and returns the exit code.</summary>
    protected abstract Task<int> RunAsync(CommandCall call);
}

/// <summary>A command that waits for nothing but its own computing.</summary>
internal abstract class ComputingCommand(CommandHost host, string name, string description)
    : CliCommand(host, name, description)
{
    /// <summary>Does the work and returns the exit code.</summary>
    protected abstract int Run(CommandCall call);

    protected sealed override Task<int> RunAsync(CommandCall call) => Task.FromResult(Run(call));
}

/// <summary>The options that every command has, and how each is run.</summary>
internal sealed class CommandHost(Interruption interruption)
{
    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print one JSON document on standard output and nothing else there.",
        Recursive = true,
    };

    private readonly Option<bool> _quiet = new("--quiet", "-q")
    {
        Description = "Print errors only; with --json, the document and errors.",
        Recursive = true,
    };

    private readonly Option<bool> _verbose = new("--verbose", "-v")
    {
        Description = "Say more: why a device was chosen, and which solves stopped before their tolerance.",
        Recursive = true,
    };

    public IEnumerable<Option> Options => [_json, _quiet, _verbose];

    /// <summary>Runs a command. A failure becomes one sentence and an exit code.</summary>
    public async Task<int> RunAsync(ParseResult parse, Func<CommandCall, Task<int>> action)
    {
        using var output = new CommandOutput
        {
            IsJson = parse.GetValue(_json),
            IsQuiet = parse.GetValue(_quiet),
            IsVerbose = parse.GetValue(_verbose),
        };
        interruption.Sentence =
            output.IsQuiet ? null
            : parse.CommandResult.Command is CliCommand { Resumes: true } ? "interrupted; the same command goes on"
            : "interrupted; what was written is whole";
        try
        {
            return await action(new CommandCall(parse, output, interruption.Token));
        }
        catch (OperationCanceledException)
        {
            output.EndProgress();
            interruption.Say();
            return interruption.ExitCode;
        }
        catch (Exception error)
        {
            var failure = Failure.Of(error, parse);
            output.Fail(failure.Sentence, error);
            return failure.ExitCode;
        }
    }
}
