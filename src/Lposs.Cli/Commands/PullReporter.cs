using System.Globalization;
using Lposs.Cli.Output;
using Lposs.Downloads;

namespace Lposs.Cli.Commands;

/// <summary>Shows the licences and how far <c>lposs models pull</c> is.</summary>
/// <param name="output">Where to.</param>
/// <param name="accepts">Whether the licences were accepted on the command line.</param>
internal sealed class PullReporter(CommandOutput output, bool accepts) : IPullObserver
{
    public bool Accept(IReadOnlyList<RegistryFile> files)
    {
        foreach (var file in files)
        {
            string size = file.Bytes is { } bytes ? $"{Mebibytes(bytes)} MiB" : "size not known";
            output.Note($"{file.Name}: {file.Origin}; {size}; licence {file.Licence}, {file.LicenceAddress}; from {file.Address}");
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

    public void Report(DownloadProgress progress)
    {
        string size = progress.Total is { } total ? Text($"{Mebibytes(progress.Bytes)} of {Mebibytes(total)} MiB") : Text($"{Mebibytes(progress.Bytes)} MiB");
        string rate = progress.BytesPerSecond > 0 ? Text($", {progress.BytesPerSecond / 1048576:0.0} MiB/s") : "";
        string left = progress is { BytesPerSecond: > 0, Remaining: { } time } ? Text($", {time:hh\\:mm\\:ss} left") : "";
        output.Progress($"{progress.File}: {size}{rate}{left}");
    }

    public void Note(string sentence) => output.Note(sentence);

    private static string Mebibytes(long bytes) => Text($"{bytes / 1048576.0:0.0}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
