namespace Lposs.Cli.Diagnosis;

/// <summary>How to get what CUDA needs and is not there.</summary>
internal static class CudaRemedy
{
    public static string ForCore(string problem) => problem.Contains("liblposs_cuda", StringComparison.Ordinal)
        ? "build the CUDA backend with ./build.sh build --cuda and put liblposs_cuda.so beside liblposs.so, or name it in LPOSS_CUDA_LIBRARY"
        : "install the NVIDIA driver of your card (nvidia-smi must list it) and the CUDA runtime libraries";

    public static string ForEncoders(string problem) => problem.Contains("was built without", StringComparison.Ordinal)
        ? "put a CUDA build of libonnxruntime.so, with libonnxruntime_providers_shared.so and libonnxruntime_providers_cuda.so, beside the program"
        : "install the NVIDIA driver, CUDA 13 and cuDNN 9, or put the folder of their libraries into LD_LIBRARY_PATH";
}
