using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Lposs.Interop;

/// <summary>
/// A caller's allocator as the library calls it. The library holds this object until its context is freed and the last
/// block
/// is back, in whatever order that comes.
/// </summary>
internal sealed unsafe class AllocatorHook
{
    private readonly Lock _guard = new();
    private readonly LpossAllocator _allocator;
    private GCHandle _held;
    private long _blocks;
    private bool _isClosed;

    public AllocatorHook(LpossAllocator allocator)
    {
        _allocator = allocator;
        _held = GCHandle.Alloc(this);
    }

    /// <summary>The struct that the library copies.</summary>
    public NativeAllocator Native
    {
        get
        {
            NativeAllocator native;
            NativeMethods.AllocatorInit(&native);
            native.User = (void*)GCHandle.ToIntPtr(_held);
            native.Allocate = &Allocate;
            native.Release = &Release;
            return native;
        }
    }

    /// <summary>The context is freed, or was never made.</summary>
    public void Close()
    {
        lock (_guard)
        {
            _isClosed = true;
            FreeIfUnused();
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void* Allocate(void* user, nuint bytes, void* stream) =>
        ((AllocatorHook)GCHandle.FromIntPtr((nint)user).Target!).Allocate(bytes, stream);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Release(void* user, void* pointer, nuint bytes, void* stream) =>
        ((AllocatorHook)GCHandle.FromIntPtr((nint)user).Target!).Release(pointer, bytes, stream);

    private void* Allocate(nuint bytes, void* stream)
    {
        try
        {
            nint address = _allocator.Allocate(checked((long)bytes), new CudaStreamHandle((ulong)stream));
            if (address == 0)
                return null;
            lock (_guard)
                _blocks++;
            return (void*)address;
        }
        catch (Exception)
        {
            // No exception may cross into the library. It says that there was no memory, and so does its caller's
            // exception.
            return null;
        }
    }

    private void Release(void* pointer, nuint bytes, void* stream)
    {
        _allocator.Release((nint)pointer, checked((long)bytes), new CudaStreamHandle((ulong)stream));
        lock (_guard)
        {
            _blocks--;
            FreeIfUnused();
        }
    }

    private void FreeIfUnused()
    {
        if (_isClosed && _blocks == 0 && _held.IsAllocated)
            _held.Free();
    }
}
