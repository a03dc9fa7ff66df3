namespace Lposs.Cli.Diagnosis;

/// <summary>How to get what CUDA needs and is not there.</summary>
internal static class CudaRemedy
{
    public const string Driver = "install the NVIDIA driver of your card (nvidia-smi must list it)";

    public const string Provider = "run ./build.sh build --cuda-encoders";

    public static string ForCore(string problem) => problem.Contains("liblposs_cuda", StringComparison.Ordinal)
        ? "build the CUDA backend with ./build.sh build --cuda and put liblposs_cuda.so beside liblposs.so, or name it in LPOSS_CUDA_LIBRARY"
        : Driver + " and the CUDA runtime libraries";

    public static string ForEncoders(string problem) => problem.Contains("was built without", StringComparison.Ordinal)
        ? Provider
        : Driver + ", CUDA and cuDNN, or put the folder of their libraries into LD_LIBRARY_PATH; what is missing of them is listed below";
}
