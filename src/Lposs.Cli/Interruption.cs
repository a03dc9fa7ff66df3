using System.Runtime.InteropServices;

namespace Lposs.Cli;

/// <summary>
/// Ctrl-C and SIGTERM. The run is asked to stop at its next step; if it has not after a moment, since a native call
/// cannot be stopped half-way, or at a second signal, the process ends. Files under way are removed either way. A file
/// that grows beyond the user's limit is an error of that file, not the end of the process.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private const PosixSignal FileSizeLimit = (PosixSignal)25; // SIGXFSZ on Linux

    private static readonly TimeSpan s_grace = TimeSpan.FromMilliseconds(500);

    // Until the process has ended.
    private static readonly PosixSignalRegistration s_fileSizeLimit = PosixSignalRegistration.Create(
        FileSizeLimit,
        signal => signal.Cancel = true
    );

    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _signals;
    private int _exitCode;
    private string? _sentence;

    public Interruption()
    {
        GC.KeepAlive(s_fileSizeLimit);
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, Cli.ExitCode.Interrupted)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, Cli.ExitCode.Terminated)),
        ];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>What the process exits with after the signal that came.</summary>
    public int ExitCode => _exitCode == 0 ? Cli.ExitCode.Interrupted : _exitCode;

    /// <summary>What is said of an interruption, once; null for nothing.</summary>
    public string? Sentence
    {
        set => Interlocked.Exchange(ref _sentence, value);
    }

    /// <summary>Says that the run was interrupted, if that was not said yet.</summary>
    public void Say()
    {
        if (Interlocked.Exchange(ref _sentence, null) is { } sentence)
            Console.Error.WriteLine($"lposs: {sentence}");
    }

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _stop.Dispose();
    }

    private void Stop(PosixSignalContext signal, int exitCode)
    {
        signal.Cancel = true;
        bool isFirst = Interlocked.CompareExchange(ref _exitCode, exitCode, 0) == 0;
        if (isFirst)
        {
            _stop.Cancel();
            Thread.Sleep(s_grace); // The handler's own thread: the run goes on, and ends the process if it can.
        }
        Say();
        Environment.Exit(_exitCode);
    }
}
