using System.Collections.Immutable;
using Lposs.Tokenization;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Lposs.Encoders;

/// <summary>
/// The text encoder of a bundle: prompts in, unit embeddings out. Each prompt is put into every template; the unit
/// embeddings of these texts are averaged and the mean made unit again, as CLIP does. The embeddings of the latest
/// prompt lists are kept. Thread-safe; calls run one after the other.
/// </summary>
internal sealed class TextEncoder : IDisposable
{
    private const int Free = -1;
    private const int CachedLists = 16;

    private readonly Lock _running = new();
    private readonly EmbeddingCache _cache = new(CachedLists);
    private readonly OnnxSession _session;
    private readonly ClipTokenizer _tokenizer;
    private readonly IReadOnlyList<string> _templates;
    private readonly TextEncoderSpec _spec;
    private readonly int _batchSize;
    private readonly int _threads;

    /// <summary>Opens the text encoder of a bundle.</summary>
    /// <exception cref="LpossException">The file is no model, its input or output is not as the manifest says, or the
    /// vocabulary is wrong.</exception>
    /// <exception cref="LpossException">The device cannot be used.</exception>
    public TextEncoder(IEncoderFiles bundle, EncoderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        options ??= new EncoderOptions();
        _spec = bundle.Text;
        _templates = bundle.Text.Templates;
        _tokenizer = ClipTokenizer.Open(_spec.Tokenizer, bundle.PathOf);
        _session = new OnnxSession(bundle.PathOf(_spec.File), options);
        try
        {
            var input = _session.RequireInput(_spec.Input, TensorElementType.Int64, rank: 2);
            if (input[1] != Free && input[1] != _spec.ContextLength)
                throw _session.Error(
                    $"takes {input[1]} tokens, and the manifest's context_length is {_spec.ContextLength}."
                );
            if (input[0] is not (1 or Free))
                throw _session.Error($"takes batches of {input[0]} only; the batch must be free or 1.");
            // On the processor each text has a run of its own, so that its embedding is the same beside any others.
            bool isOnProcessor = options.Device == EncoderDevice.Cpu;
            _batchSize = isOnProcessor || input[0] == 1 ? 1 : options.BatchSize;
            _threads = isOnProcessor ? EncoderThreads.Of(options) : 1;
            _session.RequireOutput(_spec.Output, leastRank: 2, mostRank: 2);
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The embeddings of <see cref="ClassList.Prompts"/>, in that order. Prompts that are longer than the context are
    /// cut, and
    /// <see cref="PromptEmbeddings.CutPrompts"/> says which.
    /// </summary>
    /// <exception cref="LpossException">The model fails or gives something other than finite vectors.</exception>
    public PromptEmbeddings Encode(ClassList classes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(classes);
        lock (_running)
        {
            if (_cache.Find(classes.Prompts) is { } known)
                return known;
            var (tokens, cutPrompts) = Tokenize(classes);
            var embeddings = Average(Embed(tokens, cancellationToken), classes, cutPrompts);
            _cache.Add(classes.Prompts, embeddings);
            return embeddings;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    /// <summary>
    /// Token ids [prompts * templates, context length], the templates of the first prompt first, and the prompts that
    /// were
    /// cut: of a text that is too long the first tokens stay, and the last one becomes the end token, as in CLIP's
    /// program.
    /// </summary>
    private (long[] Tokens, ImmutableArray<int> CutPrompts) Tokenize(ClassList classes)
    {
        int context = _spec.ContextLength;
        // What follows the end token is 0, as in the original.
        long[] tokens = new long[checked(classes.Prompts.Length * _templates.Count * context)];
        var cut = new SortedSet<int>();
        int text = 0;
        for (int prompt = 0; prompt < classes.Prompts.Length; prompt++)
        {
            foreach (string template in _templates)
            {
                var ids = _tokenizer.Encode(template.Replace("{}", classes.Prompts[prompt], StringComparison.Ordinal));
                var row = tokens.AsSpan(text * context, context);
                for (int i = 0; i < Math.Min(ids.Count, context); i++)
                    row[i] = ids[i];
                if (ids.Count > context)
                {
                    row[^1] = ids[^1];
                    cut.Add(prompt);
                }
                text++;
            }
        }
        return (tokens, [.. cut]);
    }

    /// <summary>The model's embeddings [texts, dimensions] of token ids [texts, context length].</summary>
    private (float[] Values, int Dimensions) Embed(long[] tokens, CancellationToken cancellationToken)
    {
        int context = _spec.ContextLength;
        int texts = tokens.Length / context;
        float[] values = [];
        int dimensions = 0;
        // The first run says how long an embedding is.
        Run(0);
        int runs = (texts + _batchSize - 1) / _batchSize;
        EncoderThreads.ForEach(runs - 1, _threads, run => Run(run + 1), cancellationToken);
        return (values, dimensions);

        void Run(int run)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int start = run * _batchSize;
            int count = Math.Min(_batchSize, texts - start);
            using var results = _session.Run<long>(
                _spec.Input,
                tokens.AsSpan(start * context, count * context),
                TensorElementType.Int64,
                [count, context],
                [_spec.Output]
            );
            long[] shape = results[0].GetTensorTypeAndShape().Shape;
            if (shape[0] != count || shape[1] is < 1 or > 65_536 || (start > 0 && shape[1] != dimensions))
                throw _session.Error(
                    $"gives output {_spec.Output} the shape {string.Join(" x ", shape)} for {count} texts; it must be "
                        + $"{count} x D."
                );
            if (start == 0)
            {
                dimensions = (int)shape[1];
                values = new float[checked(texts * dimensions)];
            }
            results[0].GetTensorDataAsSpan<float>().CopyTo(values.AsSpan(start * dimensions));
        }
    }

    /// <summary>Per prompt the unit mean of the unit embeddings of its templates.</summary>
    private PromptEmbeddings Average(
        (float[] Values, int Dimensions) embedded,
        ClassList classes,
        ImmutableArray<int> cutPrompts
    )
    {
        int dimensions = embedded.Dimensions;
        float[] means = new float[classes.Prompts.Length * dimensions];
        double[] unit = new double[dimensions];
        double[] sum = new double[dimensions];
        for (int prompt = 0; prompt < classes.Prompts.Length; prompt++)
        {
            Array.Clear(sum);
            for (int template = 0; template < _templates.Count; template++)
            {
                int text = prompt * _templates.Count + template;
                for (int d = 0; d < dimensions; d++)
                    unit[d] = embedded.Values[text * dimensions + d];
                Normalise(unit, classes.Prompts[prompt]);
                for (int d = 0; d < dimensions; d++)
                    sum[d] += unit[d];
            }
            Normalise(sum, classes.Prompts[prompt]);
            for (int d = 0; d < dimensions; d++)
                means[prompt * dimensions + d] = (float)sum[d];
        }
        return new PromptEmbeddings(classes.Prompts.Length, dimensions, means, cutPrompts);
    }

    private void Normalise(double[] vector, string prompt)
    {
        double norm = Math.Sqrt(vector.Sum(x => x * x));
        if (!double.IsFinite(norm) || norm == 0)
            throw _session.Error(
                $"gives the prompt '{prompt}' an embedding of length {norm}; it must be finite and above 0."
            );
        for (int d = 0; d < vector.Length; d++)
            vector[d] /= norm;
    }
}
