namespace Lposs.Encoders;

/// <summary>
/// The text encoder of a bundle: prompts in, unit embeddings out. The embeddings of the latest prompts are kept, and
/// those of a cache are taken from there; where all prompts of a run are known its file is not opened at all.
/// Thread-safe; calls run one after the other.
/// </summary>
internal sealed class TextEncoder : IDisposable
{
    private const int KnownPrompts = 4096;

    private readonly Lock _running = new();
    private readonly PromptMemory _memory = new(KnownPrompts);
    private readonly IEncoderFiles _bundle;
    private readonly EncoderOptions _options;
    private readonly PromptCache? _cache;
    private readonly PromptCacheKey? _key;
    private TextModel? _model;

    /// <summary>Opens the text encoder of a bundle; with a cache, when the first unknown prompt comes.</summary>
    /// <exception cref="LpossException">The file is no model, its input or output is not as the manifest says, the
    /// vocabulary is wrong, or the device cannot be used.</exception>
    public TextEncoder(IEncoderFiles bundle, EncoderOptions? options = null, PromptCache? cache = null)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        _bundle = bundle;
        _options = options ?? new EncoderOptions();
        _cache = cache;
        if (cache is null)
            _model = new TextModel(_bundle, _options);
        else
            _key = PromptCacheKey.Of(bundle, _options);
    }

    /// <summary>Whether the model is open: something had to be computed.</summary>
    public bool IsOpen => _model is not null;

    /// <summary>Why embeddings could not be written into the cache; null where they could.</summary>
    public string? CacheProblem => _cache?.Problem;

    /// <summary>
    /// The embeddings of <see cref="ClassList.Prompts"/>, in that order. Prompts that are longer than the context are
    /// cut, and <see cref="PromptEmbeddings.CutPrompts"/> says which.
    /// </summary>
    /// <exception cref="LpossException">The model cannot be opened, fails or gives something other than finite
    /// vectors.</exception>
    public PromptEmbeddings Encode(ClassList classes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(classes);
        lock (_running)
        {
            var found = new Dictionary<string, PromptEmbedding>();
            foreach (string prompt in classes.Prompts)
                if (Find(prompt) is { } known)
                    found[prompt] = known;
            string[] unknown = [.. classes.Prompts.Where(prompt => !found.ContainsKey(prompt))];
            if (unknown.Length > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                _model ??= new TextModel(_bundle, _options);
                var embedded = _model.Encode(unknown, cancellationToken);
                for (int i = 0; i < unknown.Length; i++)
                    found[unknown[i]] = embedded[i];
                _cache?.Add(_key!, unknown.Select(prompt => (prompt, found[prompt])));
            }
            foreach (var (prompt, embedding) in found)
                _memory.Add(prompt, embedding);
            return new PromptEmbeddings([.. classes.Prompts.Select(prompt => found[prompt])]);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _model?.Dispose();

    private PromptEmbedding? Find(string prompt) => _memory.Find(prompt) ?? _cache?.Find(_key!, prompt);
}
