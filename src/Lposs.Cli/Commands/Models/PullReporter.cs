using System.Globalization;
using Lposs.Cli.Output;
using Lposs.Tools.Downloads;
using Microsoft.Extensions.Logging;

namespace Lposs.Cli.Commands.Models;

/// <summary>Shows the licences and how far <c>lposs models pull</c> is.</summary>
/// <param name="output">Where to.</param>
/// <param name="accepts">Whether the licences were accepted on the command line.</param>
internal sealed class PullReporter(CommandOutput output, bool accepts) : IProgress<DownloadProgress>, ILogger
{
    public bool Accept(IReadOnlyList<RegistryFile> files)
    {
        foreach (var file in files)
        {
            string size = file.Bytes is { } bytes ? $"{Mebibytes(bytes)} MiB" : "size not known";
            output.Note(
                $"{file.Name}: {file.Origin}; {size}; licence {file.Licence}, {file.LicenceAddress}; from "
                    + $"{file.Address}"
            );
            if (file.Note is { } note)
                output.Note($"{file.Name}: {note}");
        }
        if (accepts)
            return true;
        // Nobody accepts what was not shown.
        if (output.IsQuiet || Console.IsInputRedirected || Console.IsErrorRedirected)
            return false;
        Console.Error.Write("Do you accept these licences? (yes/no) ");
        return string.Equals(Console.ReadLine()?.Trim(), "yes", StringComparison.OrdinalIgnoreCase);
    }

    public void Report(DownloadProgress value)
    {
        string size = value.Total is { } total
            ? Text($"{Mebibytes(value.Bytes)} of {Mebibytes(total)} MiB")
            : Text($"{Mebibytes(value.Bytes)} MiB");
        string rate = value.BytesPerSecond > 0 ? Text($", {value.BytesPerSecond / 1048576:0.0} MiB/s") : "";
        string left = value is { BytesPerSecond: > 0, Remaining: { } time } ? Text($", {time:hh\\:mm\\:ss} left") : "";
        output.Progress(
            $"{value.File}: {size}{rate}{left}",
            value.Total is > 0 and { } all ? (double)value.Bytes / all : null
        );
    }

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => output.Note(formatter(state, exception));

    private static string Mebibytes(long bytes) => Text($"{bytes / 1048576.0:0.0}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
