using System.Collections.Concurrent;
using System.Globalization;
using Lposs.Onnx;
using Lposs.Onnx.Format;
using Microsoft.ML.OnnxRuntime;

namespace Lposs.Encoding;

/// <summary>ONNX Runtime's CUDA provider: how encoders ask for it, and what stands in its way.</summary>
internal static class CudaProvider
{
    private const string Name = "CUDAExecutionProvider";

    // Devices that computed something. A failure is not remembered.
    private static readonly ConcurrentDictionary<int, bool> s_tried = new();

    /// <summary>Puts the provider before the processor in a session's options.</summary>
    /// <exception cref="EncoderDeviceException">The runtime has no such provider, or one of its libraries, the driver or the device is missing.</exception>
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
    /// <exception cref="EncoderDeviceException">It does not; the message names what is missing.</exception>
    public static void Require(int deviceIndex)
    {
        if (s_tried.ContainsKey(deviceIndex))
            return;
        using var options = EncoderRuntime.CreateSessionOptions(new EncoderOptions { Device = EncoderDevice.Cuda, DeviceIndex = deviceIndex });
        try
        {
            using var session = new InferenceSession(TrialModel(), options);
            using var run = new RunOptions();
            using var input = OrtValue.CreateTensorValueFromMemory([3f], [1, 1, 1, 1]);
            using var output = session.Run(run, ["x"], [input], ["y"]);
            if (output[0].GetTensorDataAsSpan<float>()[0] != 6)
                throw new EncoderDeviceException($"encoders cannot run on CUDA device {deviceIndex}: it computes 3 x 2 = {output[0].GetTensorDataAsSpan<float>()[0]}.");
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
            throw new EncoderDeviceException(
                $"encoders cannot run on CUDA: the ONNX Runtime {EncoderRuntime.Version} beside the program was built without it "
                + $"({string.Join(", ", EncoderRuntime.Providers)}); ./build.sh build --cuda-encoders puts one with it in its place, or use the CPU.");
    }

    private static Dictionary<string, string> SettingsOf(EncoderOptions encoder)
    {
        var settings = new Dictionary<string, string>
        {
            ["device_id"] = encoder.DeviceIndex.ToString(CultureInfo.InvariantCulture),
            // The search that is the default times kernels and takes the quickest, so that bits would depend on the clock.
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
            throw new EncoderDeviceException($"encoders cannot run on CUDA: ONNX Runtime {EncoderRuntime.Version} did not take the stream that it was given.");
    }

    private static EncoderDeviceException Problem(int deviceIndex, OnnxRuntimeException error) =>
        new($"encoders cannot run on CUDA device {deviceIndex}: {RuntimeFailure.Explain(error)}.", error);

    /// <summary>y = 2 x by a convolution of one pixel.</summary>
    private static byte[] TrialModel()
    {
        var graph = new GraphBuilder("trial", Precision.F32);
        var x = graph.Input("x", TensorProto.Types.DataType.Float, 1, 1, 1, 1);
        var two = graph.Floats("two", [2f], 1, 1, 1, 1);
        graph.Output("y", graph.Add("Conv", "product", [x, two]), 1, 1, 1, 1);
        return GraphFile.Bytes(graph.Finish());
    }
}
