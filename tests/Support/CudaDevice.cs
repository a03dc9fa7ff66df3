using Xunit;

namespace Lposs.Tests.Support;

/// <summary>
/// The CUDA device of tests that need one: a card, or the CUDA backend compiled for the host, where LPOSS_CUDA_LIBRARY
/// names
/// it. Its device memory is host memory, so that encoders on the processor can be bound to it.
/// </summary>
internal static class CudaDevice
{
    /// <summary>
    /// The trait of these tests, which run in a process of their own, since others are about a machine without a
    /// device, and one
    /// after the other, since what they copy is counted.
    /// </summary>
    public const string Category = "device";

    public static bool IsEmulated =>
        LpossLibrary.Probe(LpossDevice.Cuda).Name?.StartsWith("CUDA on the host", StringComparison.Ordinal) == true;

    public static void Require() =>
        Skip.If(
            LpossLibrary.Probe(LpossDevice.Cuda).Problem is not null,
            "there is no CUDA device, and LPOSS_CUDA_LIBRARY names no CUDA backend for the host"
        );

    public static void RequireEmulated()
    {
        Require();
        Skip.IfNot(IsEmulated, "the device is a card, whose copies are not counted");
    }
}
