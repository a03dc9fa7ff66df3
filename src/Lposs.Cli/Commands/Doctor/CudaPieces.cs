using System.Runtime.InteropServices;
using Lposs.Cli.Options;
using Lposs.Cli.Output;

namespace Lposs.Cli.Commands.Doctor;

/// <summary>Which of the files that CUDA needs are not there: those that belong beside the program, and those that
/// these need.</summary>
internal static class CudaPieces
{
    private const string Toolkit =
        "install the CUDA toolkit of the version in its name, or put the folder that holds it into LD_LIBRARY_PATH";

    /// <summary>ONNX Runtime loads the second through the first; cuDNN it looks for by itself.</summary>
    private static readonly string[] s_provider =
    [
        "libonnxruntime_providers_shared.so",
        "libonnxruntime_providers_cuda.so",
    ];

    private const string Cudnn = "libcudnn.so.9";

    /// <summary>What the core's CUDA backend lacks.</summary>
    public static IEnumerable<MissingDocument> ForCore() => LacksOf(CudaBuild.Library);

    /// <summary>What the encoders' CUDA provider lacks; empty where ONNX Runtime was built without CUDA, since it asks
    /// for none of it.</summary>
    public static IEnumerable<MissingDocument> ForEncoders(IReadOnlyList<string> providers)
    {
        if (!providers.Contains("CUDAExecutionProvider"))
            yield break;
        foreach (string name in s_provider.Where(name => !File.Exists(Beside(name))))
            yield return new MissingDocument(
                name,
                $"ONNX Runtime needs it, and it is not in {AppContext.BaseDirectory}",
                OptionTable.CudaProvider
            );
        foreach (var missing in LacksOf(Beside(s_provider[^1])))
            yield return missing;
        if (!CanLoad(Cudnn))
            yield return new MissingDocument(
                Cudnn,
                $"{s_provider[^1]} needs it, and it was not found",
                "install cuDNN 9, or put its folder into LD_LIBRARY_PATH"
            );
    }

    private static IEnumerable<MissingDocument> LacksOf(string library) =>
        !File.Exists(library)
            ? []
            : NeededLibraries
                .Of(library)
                .Where(name => !CanLoad(name))
                .Select(name => new MissingDocument(
                    name,
                    $"{Path.GetFileName(library)} needs it, and it was not found",
                    name.StartsWith("libcuda.so", StringComparison.Ordinal) ? CudaRemedy.Driver : Toolkit
                ));

    /// <summary>A library that was found stays loaded: unloading one that starts threads is no good idea.</summary>
    private static bool CanLoad(string name) => NativeLibrary.TryLoad(name, out _);

    private static string Beside(string name) => Path.Combine(AppContext.BaseDirectory, name);
}

/// <summary>Why a part cannot compute on CUDA, and what to do about it.</summary>
internal static class CudaRemedy
{
    public const string Driver = "install the NVIDIA driver of your card (nvidia-smi must list it)";

    public static (string Problem, string Remedy) ForCore(string problem) =>
        CudaBuild.IsHere
            ? (problem, Driver + " and the CUDA runtime libraries")
            : (
                "this build has no CUDA backend",
                "./build.sh build --cuda makes one; LPOSS_CUDA_LIBRARY names one elsewhere"
            );

    public static (string Problem, string Remedy) ForEncoders(string problem, IReadOnlyList<string> providers) =>
        providers.Contains("CUDAExecutionProvider")
            ? (problem, Driver + ", CUDA and cuDNN, or put the folder of their libraries into LD_LIBRARY_PATH")
            : ("this build's ONNX Runtime has no CUDA provider", OptionTable.CudaProvider);
}
