using System.Text;

namespace Lposs.Cli.Output;

/// <summary>Standard output cannot be written; nothing that was asked for is to blame.</summary>
/// <param name="cause">What the system said.</param>
internal sealed class OutputException(Exception cause)
    : Exception(
        cause is UnauthorizedAccessException or ObjectDisposedException
            ? "standard output is closed"
            : $"standard output cannot be written: {cause.Message.TrimEnd('.')}",
        cause
    );

/// <summary>
/// Standard output and standard error that fail in a known way: of standard output an <see cref="OutputException"/>
/// tells; where standard error fails there is nobody to tell, and the work goes on.
/// </summary>
/// <param name="stream">The console's own writer.</param>
/// <param name="isError">Whether it is standard error.</param>
internal sealed class StandardStream(TextWriter stream, bool isError) : TextWriter
{
    public override Encoding Encoding => stream.Encoding;

    /// <summary>Puts both in the place of the console's.</summary>
    public static void Install()
    {
        Console.SetOut(new StandardStream(Console.Out, isError: false));
        Console.SetError(new StandardStream(Console.Error, isError: true));
    }

    public override void Write(char value) => Try(() => stream.Write(value));

    public override void Write(string? value) => Try(() => stream.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => stream.Write(buffer, index, count));

    public override void WriteLine() => Try(stream.WriteLine);

    public override void WriteLine(string? value) => Try(() => stream.WriteLine(value));

    public override void Flush() => Try(stream.Flush);

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            if (!isError)
                throw new OutputException(error);
        }
    }
}
