using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.OnnxRuntime;

namespace Lposs.Encoders;

/// <summary>
/// Where the tensors of image encoders lie, and with that how the encoders run. In arrays, which ONNX Runtime copies
/// from and to
/// where that is elsewhere; or in the memory of a CUDA context, where it is bound to them and works on the context's
/// own
/// stream, so that nothing goes to the host and nothing waits. This is all that knows the difference.
/// </summary>
internal sealed class EncoderPlacement
{
    private readonly LpossContext? _context;
    private readonly OrtMemoryInfo? _memory;

    private EncoderPlacement(LpossContext? context, OrtMemoryInfo? memory) => (_context, _memory) = (context, memory);

    /// <summary>In arrays.</summary>
    public static EncoderPlacement Arrays { get; } = new(null, null);

    [MemberNotNullWhen(true, nameof(_context), nameof(_memory))]
    public bool IsOnDevice => _context is not null;

    /// <summary>The context whose device the tensors lie on.</summary>
    public LpossContext? Context => _context;

    /// <summary>What ONNX Runtime is told of the tensors' memory.</summary>
    public OrtMemoryInfo Memory => _memory ?? throw new InvalidOperationException("tensors in arrays are not bound.");

    /// <summary>On the device of a context, with encoders that were opened on the context's stream.</summary>
    /// <param name="context">On CUDA.</param>
    /// <param name="provider">
    /// What runs the encoders: CUDA, or the processor where the context's device is one that is emulated, whose memory
    /// is the
    /// process's.
    /// </param>
    /// <param name="deviceIndex">The context's.</param>
    public static EncoderPlacement On(LpossContext context, EncoderDevice provider, int deviceIndex) =>
        new(
            context,
            provider == EncoderDevice.Cuda
                ? new OrtMemoryInfo(
                    OrtMemoryInfo.allocatorCUDA,
                    OrtAllocatorType.DeviceAllocator,
                    deviceIndex,
                    OrtMemType.Default
                )
                : OrtMemoryInfo.DefaultInstance
        );

    /// <summary>A tensor whose elements are not set.</summary>
    /// <exception cref="ArgumentException">It would be in an array, and has more elements than one holds.</exception>
    /// <exception cref="LpossException">The device has no more memory.</exception>
    public EncoderTensor<T> Allocate<T>(params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        if (IsOnDevice)
            return new EncoderTensor<T>(_context.Allocate<T>(shape));
        var sizes = new TensorShape(shape);
        if (sizes.Count > Array.MaxLength)
            throw new ArgumentException(
                $"a tensor of {sizes} has {sizes.Count} numbers, more than an array holds; use fewer windows."
            );
        return new EncoderTensor<T>(new T[sizes.Count], shape);
    }

    /// <summary>Copies elements between tensors of this placement, or to them from host memory.</summary>
    public void Copy<T>(ReadOnlyTensorView<T> from, TensorView<T> to)
        where T : unmanaged
    {
        if (IsOnDevice)
            _context.Copy(from, to);
        else
            from.HostSpan.CopyTo(to.HostSpan);
    }

    /// <summary>Keeps other threads off the stream until it is disposed.</summary>
    public Lock.Scope Hold() => _context is null ? default : _context.Hold();

    /// <summary>Returns when all tensors are written.</summary>
    public void Synchronize() => _context?.Synchronize();
}
