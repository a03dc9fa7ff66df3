using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Lposs.Cli.Output;

/// <summary>
/// What a sub-command says, and where. Results go to standard output: framed tables on a terminal, plain lines
/// elsewhere, or one JSON document. Warnings, errors and progress go to standard error.
/// </summary>
internal sealed class CommandOutput : IDisposable, IProgress<string>
{
    private ProgressLine? _progress;

    /// <summary>Whether results are one JSON document.</summary>
    public bool IsJson { get; init; }

    /// <summary>Whether only errors are said.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>Whether more is said than most users need.</summary>
    public bool IsVerbose { get; init; }

    /// <summary>Prints a table for people.</summary>
    public void Show(ResultTable table)
    {
        if (IsJson || IsQuiet)
            return;
        EndProgress();
        if (Console.IsOutputRedirected)
        {
            foreach (string line in PlainTable.Lines(table))
                Console.Out.WriteLine(OneLine(line));
        }
        else
        {
            AnsiConsole.Write(TerminalTable.Of(table));
        }
    }

    /// <summary>Prints the command's one JSON document, or one of its events.</summary>
    public void Document<T>(T document, JsonTypeInfo<T> type)
    {
        if (!IsJson)
            return;
        EndProgress();
        Console.Out.WriteLine(JsonSerializer.Serialize(document, type));
    }

    /// <summary>Says something that the user should know although the command goes on.</summary>
    public void Warn(string sentence) => Note($"warning: {sentence}");

    /// <summary>Says how long work goes, in a line that stays.</summary>
    public void Note(string sentence)
    {
        if (IsQuiet)
            return;
        EndProgress();
        Console.Error.WriteLine($"lposs: {OneLine(sentence)}");
    }

    /// <summary>Says why something failed, and with LPOSS_TRACE=1 where in the program.</summary>
    public void Fail(string sentence, Exception? error = null)
    {
        EndProgress();
        Console.Error.WriteLine($"lposs: {OneLine(sentence).TrimEnd('.')}");
        if (error is not null && Failure.IsTraced)
            Console.Error.WriteLine(error);
    }

    /// <summary>Shows on a terminal what is being done, until something else is said.</summary>
    /// <param name="text">One line.</param>
    /// <param name="share">How much of all is done, 0 to 1; null where nobody knows.</param>
    public void Progress(string text, double? share = null)
    {
        if (IsQuiet || !ProgressLine.CanBeSeen)
            return;
        _progress ??= new ProgressLine();
        _progress.Show(OneLine(text), share);
    }

    /// <summary>What long work of the library says it is doing.</summary>
    void IProgress<string>.Report(string value) => Progress(value);

    public void Dispose() => EndProgress();

    /// <summary>Takes the progress line away.</summary>
    public void EndProgress()
    {
        _progress?.Dispose();
        _progress = null;
    }

    /// <summary>Names of files may hold anything, and a message is one line.</summary>
    private static string OneLine(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c)) : text;
}
