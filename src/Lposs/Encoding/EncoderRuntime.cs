using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;

namespace Lposs.Encoding;

/// <summary>ONNX Runtime, which runs the encoders: its version, what it can run on, and session options.</summary>
public static partial class EncoderRuntime
{
    private static readonly Lock s_creation = new();

    /// <summary>The version of the native library.</summary>
    public static string Version => Environment().GetVersionString();

    /// <summary>The execution providers that the native library was built with, such as CPUExecutionProvider.</summary>
    public static IReadOnlyList<string> Providers => Environment().GetAvailableProviders();

    /// <summary>Why encoders cannot run on a GPU, in one sentence; null where they can.</summary>
    public static string? FindCudaProblem(int deviceIndex = 0)
    {
        try
        {
            using var options = CreateSessionOptions(new EncoderOptions { Device = EncoderDevice.Cuda, DeviceIndex = deviceIndex });
            return null;
        }
        catch (EncoderDeviceException problem)
        {
            return problem.Message;
        }
    }

    /// <exception cref="EncoderDeviceException">CUDA is asked for and does not work.</exception>
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
            IntraOpNumThreads = encoder.Threads == 0 ? System.Environment.ProcessorCount : encoder.Threads,
            InterOpNumThreads = 1,
        };
        try
        {
            // The core's threads run next and need the processor that waiting threads would keep busy.
            options.AddSessionConfigEntry("session.force_spinning_stop", "1");
            if (encoder.Device == EncoderDevice.Cuda)
                AppendCuda(options, encoder.DeviceIndex);
            return options;
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }

    private static void AppendCuda(SessionOptions options, int deviceIndex)
    {
        try
        {
            options.AppendExecutionProvider_CUDA(deviceIndex);
        }
        catch (EntryPointNotFoundException error)
        {
            string providers = string.Join(", ", Providers);
            throw new EncoderDeviceException(
                $"encoders cannot run on CUDA: the ONNX Runtime {Version} beside the program was built without it ({providers}); "
                + "put a CUDA build of libonnxruntime.so in its place or use the CPU.", error);
        }
        catch (OnnxRuntimeException error)
        {
            throw new EncoderDeviceException($"encoders cannot run on CUDA device {deviceIndex}: {Explain(error)}.", error);
        }
    }

    /// <summary>The library that could not be loaded, where that is the reason; else ONNX Runtime's own words on one line.</summary>
    internal static string Explain(OnnxRuntimeException error)
    {
        if (MissingLibrary().Match(error.Message) is { Success: true } missing)
            return $"the library {missing.Groups[1].Value} is not installed or not found";
        return Spaces().Replace(error.Message, " ").Trim().TrimEnd('.');
    }

    /// <summary>The process's ONNX Runtime, made quiet if nobody made it before.</summary>
    private static OrtEnv Environment()
    {
        lock (s_creation)
        {
            if (OrtEnv.IsCreated)
                return OrtEnv.Instance();
            var quiet = new EnvironmentCreationOptions { logId = "lposs", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            return OrtEnv.CreateInstanceWithOptions(ref quiet);
        }
    }

    [GeneratedRegex(@"([\w.+-]+\.so[\w.]*): cannot open shared object file")]
    private static partial Regex MissingLibrary();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
