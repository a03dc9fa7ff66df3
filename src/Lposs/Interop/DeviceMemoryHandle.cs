using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Lposs.Interop;

/// <summary>
/// Owns memory from lposs_memory_allocate. Releasing it needs its context, so it counts as a use of the context's
/// handle:
/// the context is freed after the last of its memory, in whatever order both are disposed.
/// </summary>
internal sealed unsafe class DeviceMemoryHandle : SafeHandle
{
    private readonly ContextHandle _context;
    private readonly Lock _calls;
    private readonly long _bytes;

    public DeviceMemoryHandle(ContextHandle context, Lock calls, long bytes)
        : base(0, ownsHandle: true)
    {
        _context = context;
        _calls = calls;
        _bytes = bytes;
        bool added = false;
        context.DangerousAddRef(ref added);
        try
        {
            void* pointer;
            NativeStatus.Check(NativeMethods.Allocate(context, bytes, &pointer));
            SetHandle((nint)pointer);
        }
        finally
        {
            if (IsInvalid)
                context.DangerousRelease();
        }
    }

    public override bool IsInvalid => handle == 0;

    public nint Address
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return handle;
        }
    }

    public TensorView<T> View<T>(LpossDevice device, TensorShape shape)
        where T : unmanaged
    {
        return new TensorView<T>(
            ref Unsafe.AsRef<T>((void*)Address),
            device == LpossDevice.Cuda ? NativeMemoryKind.Cuda : NativeMemoryKind.Host,
            shape
        );
    }

    protected override bool ReleaseHandle()
    {
        NativeStatusCode status;
        lock (_calls)
            status = NativeMethods.Release(_context.DangerousGetHandle(), (void*)handle, _bytes);
        _context.DangerousRelease();
        return status == NativeStatusCode.Ok;
    }
}
