using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Lposs.Encoders;

/// <summary>
/// One ONNX file of a bundle, opened: a model with one input. Says what its tensors look like and runs it; errors
/// of the file become <see cref="LpossException"/>. Any number of threads may run it at once.
/// </summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly string _path;
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly RunOptions _queued = new();

    public OnnxSession(string path, EncoderOptions options)
    {
        _path = path;
        // What is bound to a stream is not waited for: who reads it does so on the same stream.
        _queued.AddRunConfigEntry("disable_synchronize_execution_providers", "1");
        using var sessionOptions = EncoderRuntime.CreateSessionOptions(options);
        try
        {
            _session = new InferenceSession(_path, sessionOptions);
        }
        catch (OnnxRuntimeException error)
        {
            _runOptions.Dispose();
            _queued.Dispose();
            throw Error(
                $"cannot be opened by ONNX Runtime {EncoderRuntime.Version}: {RuntimeFailure.Explain(error)}.",
                error
            );
        }
    }

    /// <summary>Dimensions of the model's only input; -1 where free.</summary>
    /// <exception cref="LpossException">It is called otherwise, is not the only one, or differs in type or
    /// rank.</exception>
    public IReadOnlyList<int> RequireInput(string name, TensorElementType type, int rank)
    {
        if (_session.InputMetadata.Count != 1 || !_session.InputMetadata.TryGetValue(name, out var input))
            throw Error($"has the inputs {List(_session.InputMetadata.Keys)}, and the manifest names one, {name}.");
        return RequireTensor($"input {name}", input, type, rank, rank);
    }

    /// <summary>Dimensions of an output; -1 where free.</summary>
    /// <exception cref="LpossException">There is none of the name, or it differs in type or rank.</exception>
    public IReadOnlyList<int> RequireOutput(string name, int leastRank, int mostRank)
    {
        if (!_session.OutputMetadata.TryGetValue(name, out var output))
            throw Error($"has no output {name}, which the manifest names, but {List(_session.OutputMetadata.Keys)}.");
        return RequireTensor($"output {name}", output, TensorElementType.Float, leastRank, mostRank);
    }

    /// <summary>Runs the model on values that stay where they are; outputs in the order asked for, the caller disposes
    /// them.</summary>
    public unsafe IDisposableReadOnlyCollection<OrtValue> Run<T>(
        string input,
        ReadOnlySpan<T> values,
        TensorElementType type,
        long[] shape,
        IReadOnlyCollection<string> outputs
    )
        where T : unmanaged
    {
        fixed (T* data = &MemoryMarshal.GetReference(values))
        {
            using var tensor = OrtValue.CreateTensorValueWithData(
                OrtMemoryInfo.DefaultInstance,
                type,
                shape,
                (nint)data,
                (long)values.Length * sizeof(T)
            );
            try
            {
                return _session.Run(_runOptions, [input], [tensor], outputs);
            }
            catch (OnnxRuntimeException error)
            {
                throw Error(
                    $"failed on an input of {string.Join(" x ", shape)}: {RuntimeFailure.Explain(error)}.",
                    error
                );
            }
        }
    }

    /// <summary>
    /// Queues a run on the session's stream, bound to tensors where they lie: nothing is copied or waited for. The
    /// tensors stay
    /// alive until the stream is past it.
    /// </summary>
    /// <param name="placement">Of the tensors.</param>
    /// <param name="input">Its name.</param>
    /// <param name="values">Of the input, in the shape that the model takes.</param>
    /// <param name="outputs">For each output that is wanted where it is written to, and the shape that it will
    /// have.</param>
    public void RunBound(
        EncoderPlacement placement,
        string input,
        EncoderTensor<float> values,
        IReadOnlyList<(string Name, EncoderTensor<float> Values, long[] Shape)> outputs
    )
    {
        using var binding = Bind(placement, input, values);
        foreach (var (name, target, shape) in outputs)
        {
            using var output = View(placement, target, shape);
            binding.BindOutput(name, output);
        }
        Run(binding, values.Shape);
    }

    /// <summary>The shapes of the outputs that the model gives of an input: a run whose outputs are dropped.</summary>
    public long[][] ShapesOf(
        EncoderPlacement placement,
        string input,
        EncoderTensor<float> values,
        IReadOnlyList<string> outputs
    )
    {
        using var binding = Bind(placement, input, values);
        foreach (string name in outputs)
            binding.BindOutputToDevice(name, placement.Memory);
        Run(binding, values.Shape);
        using var results = binding.GetOutputValues();
        return [.. results.Select(result => result.GetTensorTypeAndShape().Shape)];
    }

    /// <summary>An exception about this file.</summary>
    public LpossException Error(string sentence, Exception? cause = null) =>
        new(LpossErrorCode.InvalidBundle, $"{_path} {sentence}", cause);

    public void Dispose()
    {
        _session.Dispose();
        _runOptions.Dispose();
        _queued.Dispose();
    }

    private OrtIoBinding Bind(EncoderPlacement placement, string name, EncoderTensor<float> values)
    {
        var shape = values.Shape;
        var binding = _session.CreateIoBinding();
        try
        {
            using var input = View(placement, values, [shape[0], shape[1], shape[2], shape[3]]);
            binding.BindInput(name, input);
            return binding;
        }
        catch
        {
            binding.Dispose();
            throw;
        }
    }

    private static OrtValue View(EncoderPlacement placement, EncoderTensor<float> values, long[] shape) =>
        OrtValue.CreateTensorValueWithData(
            placement.Memory,
            TensorElementType.Float,
            shape,
            values.DeviceAddress,
            checked(values.Shape.Count * sizeof(float))
        );

    private void Run(OrtIoBinding binding, TensorShape input)
    {
        try
        {
            _session.RunWithBinding(_queued, binding);
        }
        catch (OnnxRuntimeException error)
        {
            throw Error(
                $"failed on an input of {string.Join(" x ", Enumerable.Range(0, input.Rank).Select(i => input[i]))}: "
                    + $"{RuntimeFailure.Explain(error)}.",
                error
            );
        }
    }

    private int[] RequireTensor(string name, NodeMetadata tensor, TensorElementType type, int leastRank, int mostRank)
    {
        if (!tensor.IsTensor || tensor.ElementDataType != type)
            throw Error(
                $"has an {name} of {(tensor.IsTensor ? tensor.ElementDataType : tensor.OnnxValueType)}; it must be a "
                    + $"tensor of {type}."
            );
        int rank = tensor.Dimensions.Length;
        if (rank < leastRank || rank > mostRank)
        {
            string right = leastRank == mostRank ? $"{leastRank}" : $"{leastRank} or {mostRank}";
            throw Error($"has an {name} of {rank} dimensions; it must have {right}.");
        }
        return tensor.Dimensions;
    }

    private static string List(IEnumerable<string> names) => string.Join(", ", names);
}
