using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;

namespace Lposs.Encoders;

/// <summary>What a failure of ONNX Runtime means, in a part of a sentence and on one line.</summary>
internal static partial class RuntimeFailure
{
    // cudaError_t
    private const int InsufficientDriver = 35;
    private const int NoDevice = 100;

    public static string Explain(OnnxRuntimeException error) => Explain(error.Message);

    /// <summary>
    /// The library that could not be loaded, or what CUDA says without the place in ONNX Runtime's sources, where that
    /// is the
    /// reason; else ONNX Runtime's own words.
    /// </summary>
    public static string Explain(string message)
    {
        if (MissingLibrary().Match(message) is { Success: true } missing)
            return $"the library {missing.Groups[1].Value} is not installed or not found";
        if (CudaFailure().Match(message) is { Success: true } failure)
            return OfCuda(
                failure.Groups[1].Value,
                int.Parse(failure.Groups[2].Value, CultureInfo.InvariantCulture),
                failure.Groups[3].Value.Trim()
            );
        return Spaces().Replace(message, " ").Trim().TrimEnd('.');
    }

    private static string OfCuda(string library, int code, string text) =>
        (library, code) switch
        {
            ("CUDA", InsufficientDriver) =>
                "there is no NVIDIA driver, or it is older than the CUDA libraries that were found",
            ("CUDA", NoDevice) => "there is no NVIDIA device that this process can see",
            _ => $"{library} reports '{text}' ({code})",
        };

    [GeneratedRegex(@"([\w.+-]+\.so[\w.]*): cannot open shared object file")]
    private static partial Regex MissingLibrary();

    // "CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ; GPU=0 ; hostname=..."
    [GeneratedRegex(@"\b(CUDA|CUDNN|CUBLAS|CUFFT) failure (\d+): ([^;]*)")]
    private static partial Regex CudaFailure();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
