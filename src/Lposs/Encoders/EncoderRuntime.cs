using Microsoft.ML.OnnxRuntime;

namespace Lposs.Encoders;

/// <summary>ONNX Runtime, which runs the encoders: its version, what it can run on, and session options.</summary>
public static class EncoderRuntime
{
    private static readonly Lock s_creation = new();

    /// <summary>The version of the native library.</summary>
    public static string Version => Environment().GetVersionString();

    /// <summary>The execution providers that the native library was built with, such as CPUExecutionProvider.</summary>
    public static IReadOnlyList<string> Providers => Environment().GetAvailableProviders();

    /// <summary>Why encoders cannot run on a GPU, in one sentence; null where they can: it is tried.</summary>
    public static string? FindCudaProblem(int deviceIndex = 0)
    {
        try
        {
            CudaProvider.Require(deviceIndex);
            return null;
        }
        catch (LpossException problem) when (problem.Code == LpossErrorCode.DeviceUnavailable)
        {
            return problem.Message;
        }
    }

    /// <exception cref="LpossException">CUDA is asked for and does not work.</exception>
    internal static SessionOptions CreateSessionOptions(EncoderOptions encoder)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(encoder.Threads);
        ArgumentOutOfRangeException.ThrowIfNegative(encoder.DeviceIndex);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(encoder.BatchSize);
        _ = Environment();
        var options = new SessionOptions
        {
            // Failures come as exceptions; nothing is to be written to the user's terminal besides.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            // On the processor runs go side by side, each on one thread (EncoderThreads).
            IntraOpNumThreads = encoder.Device == EncoderDevice.Cpu ? 1 : EncoderThreads.Of(encoder),
            InterOpNumThreads = 1,
        };
        try
        {
            if (encoder.Device == EncoderDevice.Cuda)
                CudaProvider.AppendTo(options, encoder);
            return options;
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }

    /// <summary>The process's ONNX Runtime, made quiet if nobody made it before.</summary>
    private static OrtEnv Environment()
    {
        lock (s_creation)
        {
            if (OrtEnv.IsCreated)
                return OrtEnv.Instance();
            var quiet = new EnvironmentCreationOptions
            {
                logId = "lposs",
                logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            };
            return OrtEnv.CreateInstanceWithOptions(ref quiet);
        }
    }
}
