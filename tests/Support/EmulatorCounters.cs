using System.Runtime.InteropServices;

namespace Lposs.Tests.Support;

/// <summary>What the emulator of the CUDA backend that was compiled for the host has counted so far, in
/// bytes.</summary>
internal static unsafe class EmulatorCounters
{
    private static readonly nint s_library = NativeLibrary.Load(
        Environment.GetEnvironmentVariable("LPOSS_CUDA_LIBRARY")!
    );

    public static long ToDevice => Read("emulator_bytes_to_device");

    public static long ToHost => Read("emulator_bytes_to_host");

    /// <summary>Calls of CUDA that were wrong.</summary>
    public static long Misuses => Read("emulator_misuses");

    private static long Read(string name) =>
        (long)((delegate* unmanaged[Cdecl]<ulong>)NativeLibrary.GetExport(s_library, name))();
}
