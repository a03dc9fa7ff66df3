using Lposs.Encoders;
using Xunit;

namespace Lposs.Tests.Encoders;

public sealed class RuntimeFailureTests
{
    [Theory]
    [InlineData(
        "[ErrorCode:Fail] Failed to load library libonnxruntime_providers_cuda.so with error: libcublasLt.so.13: "
            + "cannot open shared object file: No such file or directory",
        "the library libcublasLt.so.13 is not installed or not found"
    )]
    [InlineData(
        "[ErrorCode:Fail] /a/b.cc:168 bool CudaCall() [with ERRTYPE = cudaError] CUDA failure 35: CUDA driver version "
            + "is insufficient for CUDA runtime version ; GPU=0 ; hostname=h ; file=/a/b.cc ; line=62 ; "
            + "expr=cudaGetDeviceCount(&num_devices); ",
        "there is no NVIDIA driver, or it is older than the CUDA libraries that were found"
    )]
    [InlineData(
        "CUDA failure 100: no CUDA-capable device is detected ; GPU=-1 ; hostname=h ; file=f ; line=1 ; "
            + "expr=cudaSetDevice(0);",
        "there is no NVIDIA device that this process can see"
    )]
    [InlineData(
        "CUDNN failure 1001: CUDNN_STATUS_NOT_INITIALIZED ; GPU=0 ; hostname=h",
        "CUDNN reports 'CUDNN_STATUS_NOT_INITIALIZED' (1001)"
    )]
    [InlineData("CUDA failure 2: out of memory ; GPU=0 ; hostname=h", "CUDA reports 'out of memory' (2)")]
    [InlineData(
        "[ErrorCode:InvalidArgument] Invalid\n rank  for input: x.",
        "[ErrorCode:InvalidArgument] Invalid rank for input: x"
    )]
    public void A_failure_is_told_by_what_is_missing(string message, string meaning) =>
        Assert.Equal(meaning, RuntimeFailure.Explain(message));
}
