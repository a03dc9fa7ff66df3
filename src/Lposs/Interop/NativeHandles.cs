using System.Runtime.InteropServices;

namespace Lposs.Interop;

/// <summary>Owns an lposs_context.</summary>
internal sealed class ContextHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    /// <summary>Where the context's memory comes from; null for the system's.</summary>
    public AllocatorHook? Allocator { get; set; }

    protected override bool ReleaseHandle()
    {
        NativeMethods.ContextDestroy(handle);
        Allocator?.Close();
        return true;
    }
}

/// <summary>Owns an lposs_graph, which outlives its context by the library's own rule.</summary>
internal sealed class GraphHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        NativeMethods.GraphDestroy(handle);
        return true;
    }
}
