using Lposs.Batch;
using Lposs.Downloads;
using Lposs.Encoding;
using Lposs.Imaging;
using Lposs.Import;
using Lposs.Models;
using Lposs.Weights;

namespace Lposs.Cli;

/// <summary>A failed run as one sentence and an exit code.</summary>
/// <param name="Sentence">What was wrong, where, and what would be right; one line.</param>
/// <param name="ExitCode">How the process ends if nothing else is done.</param>
internal sealed record Failure(string Sentence, int ExitCode)
{
    /// <summary>The environment variable that makes failures print their stack trace as well.</summary>
    public const string TraceVariable = "LPOSS_TRACE";

    /// <summary>Whether stack traces are asked for.</summary>
    public static bool IsTraced => Environment.GetEnvironmentVariable(TraceVariable) is not (null or "" or "0");

    public static Failure Of(Exception error) => error switch
    {
        UsageException or ClassListException => new Failure(error.Message, Cli.ExitCode.Usage),
        ImageFormatException { Error: ImageFormatError.TooLarge } => new Failure($"{error.Message} (--max-pixels)", Cli.ExitCode.Failed),
        LpossMemoryException { Status: LpossStatus.MemoryLimit } =>
            new Failure(error.Message.Replace("memory_limit: ", "--memory-limit ", StringComparison.Ordinal), Cli.ExitCode.Failed),
        InputException or BatchException or DownloadException or ImportException or WeightsException or IOException or UnauthorizedAccessException or ModelBundleException or EncoderDeviceException or LpossException =>
            new Failure(error.Message, Cli.ExitCode.Failed),
        OutOfMemoryException => new Failure(
            "the memory is not enough for this picture; use a smaller one, fewer classes, or --memory-limit", Cli.ExitCode.Failed),
        ArgumentException argument => new Failure(WithoutParameterName(argument), Cli.ExitCode.Failed),
        DllNotFoundException => new Failure(error.Message.Split('\n')[0], Cli.ExitCode.Failed),
        _ => new Failure(
            $"unexpected failure ({error.GetType().Name}: {error.Message}); set {TraceVariable}=1 for details", Cli.ExitCode.Failed),
    };

    // .NET appends " (Parameter 'name')", which names something that a user of the command never sees.
    private static string WithoutParameterName(ArgumentException error)
    {
        string suffix = $" (Parameter '{error.ParamName}')";
        return error.Message.Split('\n')[0].Replace(suffix, "", StringComparison.Ordinal);
    }
}
