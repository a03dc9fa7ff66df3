using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Lposs.Cli.Output;

/// <summary>
/// What a sub-command says, and where. Results go to standard output: framed tables on a terminal, plain lines
/// elsewhere, or one JSON document. Warnings, errors and progress go to standard error.
/// </summary>
internal sealed class CommandOutput(bool isJson, bool isQuiet)
{
    private readonly bool _showsProgress = !isQuiet && !Console.IsErrorRedirected
        && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
    private bool _hasProgress;

    /// <summary>Whether results are one JSON document.</summary>
    public bool IsJson => isJson;

    /// <summary>Whether only errors are said.</summary>
    public bool IsQuiet => isQuiet;

    /// <summary>Prints a table for people.</summary>
    public void Show(ResultTable table)
    {
        if (isJson || isQuiet)
            return;
        ClearProgress();
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

    /// <summary>Prints the run's one JSON document.</summary>
    public void Document<T>(T document, JsonTypeInfo<T> type)
    {
        if (!isJson)
            return;
        ClearProgress();
        Console.Out.WriteLine(JsonSerializer.Serialize(document, type));
    }

    /// <summary>Says something that the user should know although the run goes on.</summary>
    public void Warn(string sentence)
    {
        if (isQuiet)
            return;
        ClearProgress();
        Console.Error.WriteLine($"lposs: warning: {OneLine(sentence)}");
    }

    /// <summary>Says how a long run goes, in a line that stays.</summary>
    public void Note(string sentence)
    {
        if (isQuiet)
            return;
        ClearProgress();
        Console.Error.WriteLine($"lposs: {OneLine(sentence)}");
    }

    /// <summary>Says why something failed, and with LPOSS_TRACE=1 where in the program.</summary>
    public void Fail(string sentence, Exception? error = null)
    {
        ClearProgress();
        Console.Error.WriteLine($"lposs: {OneLine(sentence).TrimEnd('.')}");
        if (error is not null && Failure.IsTraced)
            Console.Error.WriteLine(error);
    }

    /// <summary>Shows what is being done, on a terminal: one line that the next one replaces.</summary>
    public void Progress(string text)
    {
        if (!_showsProgress)
            return;
        // A line that wraps could not be taken back.
        string line = OneLine(text);
        int width = Math.Max(20, Console.WindowWidth) - 1;
        Console.Error.Write($"\r\u001b[2K{(line.Length > width ? line[..width] : line)}");
        _hasProgress = true;
    }

    /// <summary>Takes the line of progress back.</summary>
    public void ClearProgress()
    {
        if (_hasProgress)
            Console.Error.Write("\r\u001b[2K");
        _hasProgress = false;
    }

    /// <summary>Names of files may hold anything, and a message is one line.</summary>
    private static string OneLine(string text) => text.Any(char.IsControl)
        ? string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c))
        : text;
}
