using Lposs.Encoders;

namespace Lposs;

/// <summary>What is really computed on.</summary>
/// <param name="Core">Where the core computes.</param>
/// <param name="Name">The processor or card.</param>
/// <param name="Backend">The core's code for it, such as "cpu avx512" or "cuda sm_90".</param>
/// <param name="Threads">Of the core; 1 on CUDA.</param>
/// <param name="Encoders">Where the encoders run; null where there are none.</param>
/// <param name="Reason">Why, in a few words or one sentence: "asked for", or what speaks against CUDA.</param>
public sealed record ComputeDevice(
    LpossDevice Core,
    string Name,
    string Backend,
    int Threads,
    EncoderDevice? Encoders,
    string Reason
)
{
    /// <summary>The reason where the device was named by whoever asked.</summary>
    public const string AskedFor = "asked for";

    /// <summary>Opens a context as the options ask, and says what it is.</summary>
    /// <exception cref="LpossException">The core cannot compute on the device that was asked for.</exception>
    /// <exception cref="LpossException">The encoders cannot run on it.</exception>
    internal static (LpossContext Context, ComputeDevice Device) Open(ComputeOptions options, bool withEncoders)
    {
        var (core, encoders, reason) = Choose(options, withEncoders);
        var context = new LpossContext(
            new LpossContextOptions
            {
                Device = core,
                DeviceIndex = core == LpossDevice.Cuda ? options.DeviceIndex : 0,
                Threads = options.Threads,
                MemoryLimit = options.MemoryLimit,
            }
        );
        try
        {
            if (encoders == EncoderDevice.Cuda && options.DeviceProvider == EncoderDevice.Cuda)
                CudaProvider.Require(options.DeviceIndex);
        }
        catch
        {
            context.Dispose();
            throw;
        }
        var info = context.Info;
        return (context, new ComputeDevice(core, info.DeviceName, info.Backend, info.Threads, encoders, reason));
    }

    /// <summary>Where the tensors of encoders lie that work beside a context: on its device where both compute
    /// there.</summary>
    internal EncoderPlacement PlacementBeside(LpossContext context, ComputeOptions options) =>
        Encoders == EncoderDevice.Cuda
            ? EncoderPlacement.On(context, options.DeviceProvider, options.DeviceIndex)
            : EncoderPlacement.Arrays;

    /// <summary>How to open encoders.</summary>
    /// <param name="options">As for the core.</param>
    /// <param name="batchSize">Windows in a run.</param>
    /// <param name="stream">To run on; none for encoders of their own.</param>
    internal EncoderOptions EncoderOptions(ComputeOptions options, int batchSize, CudaStreamHandle stream = default) =>
        new()
        {
            Device = Encoders == EncoderDevice.Cuda ? options.DeviceProvider : EncoderDevice.Cpu,
            DeviceIndex = options.DeviceIndex,
            DeviceName = Name,
            Stream = stream,
            Threads = options.Threads,
            BatchSize = batchSize,
        };

    private static (LpossDevice Core, EncoderDevice? Encoders, string Reason) Choose(
        ComputeOptions options,
        bool withEncoders
    )
    {
        EncoderDevice? Encoders(EncoderDevice device) => withEncoders ? device : null;
        switch (options.Device)
        {
            case DevicePreference.Cpu:
                return (LpossDevice.Cpu, Encoders(EncoderDevice.Cpu), AskedFor);
            case DevicePreference.Cuda:
                return (LpossDevice.Cuda, Encoders(EncoderDevice.Cuda), AskedFor);
            case DevicePreference.Auto:
                break;
            default:
                throw new ArgumentOutOfRangeException(
                    nameof(options),
                    $"Device is {options.Device}; it may be Auto, Cpu or Cuda."
                );
        }

        if (LpossLibrary.Probe(LpossDevice.Cuda, options.DeviceIndex).Problem is { } problem)
            return (LpossDevice.Cpu, Encoders(EncoderDevice.Cpu), $"CUDA cannot be used: {problem}");
        if (withEncoders && EncoderRuntime.FindCudaProblem(options.DeviceIndex) is { } encoderProblem)
            return (LpossDevice.Cuda, EncoderDevice.Cpu, encoderProblem);
        return (LpossDevice.Cuda, Encoders(EncoderDevice.Cuda), "CUDA can be used");
    }
}
