using System.Runtime.InteropServices;
using Lposs.Models;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Lposs.Encoding;

/// <summary>
/// One ONNX file of a bundle, opened: a model with one input. Says what its tensors look like and runs it; mistakes
/// of the file become <see cref="ModelBundleException"/>. Any number of threads may run it at once.
/// </summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly string _path;
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();

    public OnnxSession(ModelBundle bundle, string file, EncoderOptions options)
    {
        _path = bundle.PathOf(file);
        using var sessionOptions = EncoderRuntime.CreateSessionOptions(options);
        try
        {
            _session = new InferenceSession(_path, sessionOptions);
        }
        catch (OnnxRuntimeException error)
        {
            _runOptions.Dispose();
            throw Mistake($"cannot be opened by ONNX Runtime {EncoderRuntime.Version}: {RuntimeFailure.Explain(error)}.", error);
        }
    }

    /// <summary>Dimensions of the model's only input; -1 where free.</summary>
    /// <exception cref="ModelBundleException">It is called otherwise, is not the only one, or differs in type or rank.</exception>
    public IReadOnlyList<int> RequireInput(string name, TensorElementType type, int rank)
    {
        if (_session.InputMetadata.Count != 1 || !_session.InputMetadata.TryGetValue(name, out var input))
            throw Mistake($"has the inputs {List(_session.InputMetadata.Keys)}, and the manifest names one, {name}.");
        return RequireTensor($"input {name}", input, type, rank, rank);
    }

    /// <summary>Dimensions of an output; -1 where free.</summary>
    /// <exception cref="ModelBundleException">There is none of the name, or it differs in type or rank.</exception>
    public IReadOnlyList<int> RequireOutput(string name, int leastRank, int mostRank)
    {
        if (!_session.OutputMetadata.TryGetValue(name, out var output))
            throw Mistake($"has no output {name}, which the manifest names, but {List(_session.OutputMetadata.Keys)}.");
        return RequireTensor($"output {name}", output, TensorElementType.Float, leastRank, mostRank);
    }

    /// <summary>Runs the model on values that stay where they are; outputs in the order asked for, the caller disposes them.</summary>
    public unsafe IDisposableReadOnlyCollection<OrtValue> Run<T>(
        string input, ReadOnlySpan<T> values, TensorElementType type, long[] shape, IReadOnlyCollection<string> outputs)
        where T : unmanaged
    {
        fixed (T* data = &MemoryMarshal.GetReference(values))
        {
            using var tensor = OrtValue.CreateTensorValueWithData(
                OrtMemoryInfo.DefaultInstance, type, shape, (nint)data, (long)values.Length * sizeof(T));
            try
            {
                return _session.Run(_runOptions, [input], [tensor], outputs);
            }
            catch (OnnxRuntimeException error)
            {
                throw Mistake($"failed on an input of {string.Join(" x ", shape)}: {RuntimeFailure.Explain(error)}.", error);
            }
        }
    }

    /// <summary>An exception about this file.</summary>
    public ModelBundleException Mistake(string sentence, Exception? cause = null) => new($"{_path} {sentence}", cause);

    public void Dispose()
    {
        _session.Dispose();
        _runOptions.Dispose();
    }

    private int[] RequireTensor(string name, NodeMetadata tensor, TensorElementType type, int leastRank, int mostRank)
    {
        if (!tensor.IsTensor || tensor.ElementDataType != type)
            throw Mistake($"has an {name} of {(tensor.IsTensor ? tensor.ElementDataType : tensor.OnnxValueType)}; it must be a tensor of {type}.");
        int rank = tensor.Dimensions.Length;
        if (rank < leastRank || rank > mostRank)
        {
            string right = leastRank == mostRank ? $"{leastRank}" : $"{leastRank} or {mostRank}";
            throw Mistake($"has an {name} of {rank} dimensions; it must have {right}.");
        }
        return tensor.Dimensions;
    }

    private static string List(IEnumerable<string> names) => string.Join(", ", names);
}
