using Spectre.Console;

namespace Lposs.Cli.Output;

/// <summary>
/// What is being done, on standard error: a spinner, a bar where its share is known, and a text. A thread of its own
/// draws it until it is disposed, and takes it back then.
/// </summary>
internal sealed class ProgressLine : IDisposable
{
    private readonly ManualResetEventSlim _end = new();
    private readonly Thread _thread;
    private readonly Lock _guard = new();
    private string _text = "";
    private double? _share;

    public ProgressLine()
    {
        _thread = new Thread(Draw) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Whether standard error is a terminal that can draw.</summary>
    public static bool CanBeSeen { get; } =
        !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    public void Show(string text, double? share)
    {
        lock (_guard)
            (_text, _share) = (text, share);
    }

    public void Dispose()
    {
        _end.Set();
        _thread.Join();
        _end.Dispose();
    }

    private void Draw()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        new Progress(console) { AutoClear = true, AutoRefresh = false }
            .Columns(
                new SpinnerColumn(),
                new ProgressBarColumn { Width = 20 },
                new PercentageColumn(),
                new TaskDescriptionColumn { Alignment = Justify.Left }
            )
            .Start(context =>
            {
                var task = context.AddTask("");
                do
                {
                    lock (_guard)
                    {
                        task.Description = Markup.Escape(_text);
                        task.IsIndeterminate = _share is null;
                        task.Value = 100 * (_share ?? 0);
                    }
                    context.Refresh();
                } while (!_end.Wait(TimeSpan.FromMilliseconds(100)));
            });
    }
}
