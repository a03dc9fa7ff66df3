using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace Lposs.Encoders;

/// <summary>ONNX Runtime's CUDA provider: how encoders ask for it, and what stands in its way.</summary>
internal static class CudaProvider
{
    private const string Name = "CUDAExecutionProvider";

    // Devices that computed something. A failure is not remembered.
    private static readonly ConcurrentDictionary<int, bool> s_tried = new();

    /// <summary>Puts the provider before the processor in a session's options.</summary>
    /// <exception cref="LpossException">The runtime has no such provider, or one of its libraries, the driver or the
    /// device is missing.</exception>
    public static void AppendTo(SessionOptions options, EncoderOptions encoder)
    {
        RequireProvider();
        try
        {
            using var provider = new OrtCUDAProviderOptions();
            provider.UpdateOptions(SettingsOf(encoder));
            RequireStream(provider, encoder.Stream);
            options.AppendExecutionProvider_CUDA(provider);
        }
        catch (OnnxRuntimeException error)
        {
            throw Problem(encoder.DeviceIndex, error);
        }
    }

    /// <summary>Returns if the device computes a convolution, which needs every library; it is tried once.</summary>
    /// <exception cref="LpossException">It does not; the message names what is missing.</exception>
    public static void Require(int deviceIndex)
    {
        if (s_tried.ContainsKey(deviceIndex))
            return;
        using var options = EncoderRuntime.CreateSessionOptions(
            new EncoderOptions { Device = EncoderDevice.Cuda, DeviceIndex = deviceIndex }
        );
        try
        {
            using var session = new InferenceSession(TrialModel(), options);
            using var run = new RunOptions();
            using var input = OrtValue.CreateTensorValueFromMemory([3f], [1, 1, 1, 1]);
            using var output = session.Run(run, ["x"], [input], ["y"]);
            if (output[0].GetTensorDataAsSpan<float>()[0] != 6)
                throw new LpossException(
                    LpossErrorCode.DeviceUnavailable,
                    $"encoders cannot run on CUDA device {deviceIndex}: it computes 3 x 2 = "
                        + $"{output[0].GetTensorDataAsSpan<float>()[0]}."
                );
        }
        catch (OnnxRuntimeException error)
        {
            throw Problem(deviceIndex, error);
        }
        s_tried[deviceIndex] = true;
    }

    private static void RequireProvider()
    {
        if (!EncoderRuntime.Providers.Contains(Name))
            throw new LpossException(
                LpossErrorCode.DeviceUnavailable,
                $"encoders cannot run on CUDA: the ONNX Runtime {EncoderRuntime.Version} beside the program was built "
                    + $"without it ({string.Join(", ", EncoderRuntime.Providers)}); one with the CUDA provider is "
                    + "needed in its place, or the CPU."
            )
            {
                Argument = "CudaProvider",
            };
    }

    private static Dictionary<string, string> SettingsOf(EncoderOptions encoder)
    {
        var settings = new Dictionary<string, string>
        {
            ["device_id"] = encoder.DeviceIndex.ToString(CultureInfo.InvariantCulture),
            // The search that is the default times kernels and takes the quickest, so that bits would depend on the
            // clock.
            ["cudnn_conv_algo_search"] = "HEURISTIC",
            // float32 is to mean float32; a bundle in float16 is for those who want the tensor cores.
            ["use_tf32"] = "0",
            ["do_copy_in_default_stream"] = "1",
        };
        if (encoder.Stream.Address != 0)
        {
            settings["has_user_compute_stream"] = "1";
            settings["user_compute_stream"] = encoder.Stream.Address.ToString(CultureInfo.InvariantCulture);
        }
        return settings;
    }

    /// <summary>On another stream than the core's, features would be read before they are there.</summary>
    private static void RequireStream(OrtCUDAProviderOptions provider, CudaStreamHandle stream)
    {
        string wanted = string.Create(CultureInfo.InvariantCulture, $"user_compute_stream={stream.Address}");
        if (stream.Address != 0 && !provider.GetOptions().Split(';').Contains(wanted))
            throw new LpossException(
                LpossErrorCode.DeviceUnavailable,
                $"encoders cannot run on CUDA: ONNX Runtime {EncoderRuntime.Version} did not take the stream that it "
                    + "was given."
            );
    }

    private static LpossException Problem(int deviceIndex, OnnxRuntimeException error) =>
        new(
            LpossErrorCode.DeviceUnavailable,
            $"encoders cannot run on CUDA device {deviceIndex}: {RuntimeFailure.Explain(error)}.",
            error
        );

    /// <summary>y = 2 x by a convolution of one pixel; a test of the exporter makes the same bytes.</summary>
    internal static byte[] TrialModel()
    {
        using var resource = typeof(CudaProvider).Assembly.GetManifestResourceStream("double.onnx")!;
        byte[] model = new byte[resource.Length];
        resource.ReadExactly(model);
        return model;
    }
}
