using System.CommandLine;
using Lposs.Cli.Options;
using Lposs.Cli.Output;

namespace Lposs.Cli;

/// <summary>The command line cannot be meant like this; the message says why in one sentence.</summary>
/// <param name="message">The sentence.</param>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>A file that the user named cannot be used; the message names it and says why in one sentence.</summary>
/// <param name="message">The sentence.</param>
/// <param name="cause">What it was found by, if anything.</param>
internal sealed class InputException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>A failure as one sentence and an exit code.</summary>
/// <param name="Sentence">What was wrong, where, and what would be right; one line.</param>
/// <param name="ExitCode">How the process ends if nothing else is done.</param>
internal sealed record Failure(string Sentence, int ExitCode)
{
    /// <summary>The environment variable that makes failures print their stack trace as well.</summary>
    public const string TraceVariable = "LPOSS_TRACE";

    /// <summary>Whether stack traces are asked for.</summary>
    public static bool IsTraced => Environment.GetEnvironmentVariable(TraceVariable) is not (null or "" or "0");

    /// <param name="error">What was thrown.</param>
    /// <param name="parse">The command line, whose options the sentence names.</param>
    public static Failure Of(Exception error, ParseResult parse) =>
        error switch
        {
            OutputException => new Failure(error.Message, Cli.ExitCode.Failed),
            UsageException => new Failure(error.Message, Cli.ExitCode.Usage),
            LpossException failure => new Failure(
                LibrarySentence.Of(failure, parse),
                failure.Code == LpossErrorCode.InvalidClasses ? Cli.ExitCode.Usage : Cli.ExitCode.Failed
            ),
            InputException or IOException or UnauthorizedAccessException => new Failure(
                error.Message,
                Cli.ExitCode.Failed
            ),
            OutOfMemoryException => new Failure(
                "there is not enough memory; " + OptionTable.LessMemory,
                Cli.ExitCode.Failed
            ),
            ArgumentException argument => new Failure(WithoutParameterName(argument), Cli.ExitCode.Failed),
            DllNotFoundException => new Failure(error.Message.Split('\n')[0], Cli.ExitCode.Failed),
            _ => new Failure(
                $"unexpected failure ({error.GetType().Name}: {error.Message}); set {TraceVariable}=1 for details",
                Cli.ExitCode.Failed
            ),
        };

    // .NET writes " (Parameter 'name')" behind the message, and a user of the command never sees that name.
    private static string WithoutParameterName(ArgumentException error)
    {
        string message = error.Message.Split('\n')[0];
        int end = error.ParamName is null ? -1 : message.LastIndexOf(" (", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}

/// <summary>A failure of the library in the words of the command line.</summary>
internal static class LibrarySentence
{
    public static string Of(LpossException failure, ParseResult parse)
    {
        string? option = failure.Argument is { } argument ? OptionTable.OptionOf(argument) : null;
        if (option is not null && failure.Allowed is { } allowed)
            return FormattableString.Invariant($"{option} is {failure.Value}; it may be {allowed}");
        if (option is not null && failure.Detail is { } detail && GivenFile(option, parse) is { } file)
            return $"cannot use '{file}' for {option}: {detail}";
        return OptionTable.HintFor(failure, parse.CommandResult.Command) is { } hint
            ? $"{failure.Message.TrimEnd('.')}; {hint}"
            : failure.Message;
    }

    /// <summary>The value of an option that takes a file; null where it was not given.</summary>
    private static string? GivenFile(string option, ParseResult parse) =>
        parse.GetResult(option) is { Tokens: [var token] } && OptionTable.TakesFile(option) ? token.Value : null;
}
