using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Lposs.Interop;

/// <summary>A cancellation token and a progress of .NET as lposs_progress_callback, for one call of the
/// core.</summary>
internal sealed unsafe class ProgressHook(IProgress<double>? progress, CancellationToken cancellationToken)
{
    private Exception? _failure;

    /// <summary>Makes a call that the context reports of.</summary>
    /// <param name="context">Nobody else may use it meanwhile.</param>
    /// <param name="call">The call.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Run(ContextHandle context, Func<NativeStatusCode> call)
    {
        if (progress is null && !cancellationToken.CanBeCanceled)
        {
            NativeStatus.Check(call());
            return;
        }
        var handle = GCHandle.Alloc(this);
        try
        {
            NativeStatus.Check(NativeMethods.ContextSetProgress(context, &Hear, (void*)GCHandle.ToIntPtr(handle)));
            var status = call();
            if (status == NativeStatusCode.Cancelled)
            {
                if (_failure is not null)
                    throw new LpossException(LpossErrorCode.Cancelled, _failure.Message, _failure);
                cancellationToken.ThrowIfCancellationRequested();
            }
            NativeStatus.Check(status);
        }
        finally
        {
            NativeMethods.ContextSetProgress(context, null, null);
            handle.Free();
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Hear(void* user, int stage, double fraction) =>
        ((ProgressHook)GCHandle.FromIntPtr((nint)user).Target!).Report(fraction) ? 0 : 1;

    // What a progress throws must not cross the native frames: it ends the call and is thrown on this side of them.
    private bool Report(double fraction)
    {
        try
        {
            progress?.Report(fraction);
        }
        catch (Exception error)
        {
            _failure = error;
        }
        return _failure is null && !cancellationToken.IsCancellationRequested;
    }
}
