namespace Lposs.Tools.Import.Weights;

/// <summary>
/// The tensors of a model under the names of its publisher's program, wherever they lie: asked for by name and shape,
/// so that a file of another model shows by the first tensor that is missing or differs. Remembers what was asked for.
/// Not thread-safe.
/// </summary>
internal sealed class WeightSet : IDisposable
{
    private readonly SafetensorsFile[] _files;
    private readonly Dictionary<string, (SafetensorsFile File, TensorEntry Tensor)> _tensors = [];
    private readonly HashSet<string> _taken = [];

    private WeightSet(SafetensorsFile[] files, string source)
    {
        _files = files;
        Source = source;
        foreach (var file in files)
        {
            foreach (var tensor in file.Tensors.Values)
            {
                if (!_tensors.TryAdd(tensor.Name, (file, tensor)))
                    throw new LpossException(
                        LpossErrorCode.InvalidWeights,
                        $"{_tensors[tensor.Name].File.Path} and {file.Path} both have a tensor '{tensor.Name}'; the "
                            + "parts of one model share none."
                    );
            }
        }
    }

    /// <summary>What it was opened from, for messages.</summary>
    public string Source { get; }

    /// <summary>What the files say of themselves.</summary>
    public IEnumerable<KeyValuePair<string, string>> Metadata => _files.SelectMany(file => file.Metadata);

    /// <summary>The names of all tensors.</summary>
    public IReadOnlyCollection<string> Names => _tensors.Keys;

    /// <summary>Opens one file, or the parts of a model that is spread over several.</summary>
    /// <param name="paths">safetensors files, one or more.</param>
    /// <exception cref="LpossException">One cannot be opened, or two have a tensor of the same name.</exception>
    public static WeightSet Open(params IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentOutOfRangeException.ThrowIfZero(paths.Count);
        var files = new List<SafetensorsFile>();
        try
        {
            foreach (string path in paths)
                files.Add(new SafetensorsFile(path));
            return new WeightSet([.. files], string.Join(", ", paths));
        }
        catch
        {
            files.ForEach(file => file.Dispose());
            throw;
        }
    }

    /// <summary>Whether there is a tensor of this name.</summary>
    public bool Has(string name) => _tensors.ContainsKey(name);

    /// <summary>The shape of a tensor, from which a model's sizes follow.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="dimensions">How many dimensions it must have.</param>
    /// <exception cref="LpossException">There is none of the name, or it has another number of dimensions.</exception>
    public IReadOnlyList<long> ShapeOf(string name, int dimensions)
    {
        var tensor = Find(name).Tensor;
        if (tensor.Shape.Length != dimensions)
            throw Error($"has tensor '{name}' as {tensor.ShapeText}; it must have {dimensions} dimensions.");
        return tensor.Shape;
    }

    /// <summary>The numbers of a tensor, row-major.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">The shape that it must have.</param>
    /// <exception cref="LpossException">There is none of the name, or it has another shape or type, or holds a number
    /// that is not finite.</exception>
    public float[] Take(string name, params ReadOnlySpan<long> shape) => Defer(name, shape).Read();

    /// <summary>As <see cref="Take"/>, but the numbers are read, and found not to be finite, when they are asked
    /// for.</summary>
    internal DeferredNumbers Defer(string name, params ReadOnlySpan<long> shape)
    {
        var (file, tensor) = Require(name, shape);
        return Part(file, tensor, 0, file.CountFloats(tensor));
    }

    /// <summary>Some of the numbers of a tensor: <paramref name="count"/> from <paramref name="first"/> on.</summary>
    internal DeferredNumbers DeferPart(string name, int first, int count, params ReadOnlySpan<long> shape)
    {
        var (file, tensor) = Require(name, shape);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)first + count, file.CountFloats(tensor));
        return Part(file, tensor, first, count);
    }

    /// <summary>Marks tensors as known though they are not needed.</summary>
    public void Ignore(Predicate<string> isKnown) => _taken.UnionWith(_tensors.Keys.Where(name => isKnown(name)));

    /// <summary>Called last: a tensor that nobody asked for means that this is another model than it was taken
    /// for.</summary>
    /// <param name="model">What it was taken for, such as "a CLIP ViT-B/16".</param>
    /// <exception cref="LpossException">There is one.</exception>
    public void RejectUnknown(string model)
    {
        string[] others = [.. _tensors.Keys.Except(_taken).Order(StringComparer.Ordinal)];
        if (others.Length > 0)
        {
            string more = others.Length == 1 ? "" : $" and {others.Length - 1} more";
            throw Error($"has tensor '{others[0]}'{more}, which {model} does not have; it is another model.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files)
            file.Dispose();
    }

    private (SafetensorsFile File, TensorEntry Tensor) Find(string name) =>
        _tensors.TryGetValue(name, out var found)
            ? found
            : throw Error($"has no tensor '{name}', which this model needs.");

    private (SafetensorsFile File, TensorEntry Tensor) Require(string name, ReadOnlySpan<long> shape)
    {
        var (file, tensor) = Find(name);
        if (!tensor.Shape.AsSpan().SequenceEqual(shape))
            throw Error(
                $"has tensor '{name}' as {tensor.ShapeText}; this model needs {TensorEntry.Describe([.. shape])}."
            );
        _taken.Add(name);
        return (file, tensor);
    }

    private DeferredNumbers Part(SafetensorsFile file, TensorEntry tensor, int first, int count) =>
        new(
            count,
            () =>
            {
                float[] values = file.ReadFloats(tensor, first, count);
                int broken = Array.FindIndex(values, value => !float.IsFinite(value));
                return broken < 0
                    ? values
                    : throw Error($"has {values[broken]} in tensor '{tensor.Name}'; weights must be finite.");
            }
        );

    private LpossException Error(string sentence) => new(LpossErrorCode.InvalidWeights, $"{Source} {sentence}");
}
