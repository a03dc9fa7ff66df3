namespace Lposs.Encoders;

/// <summary>
/// The embeddings of the latest prompt lists; the list that was not asked for longest goes first. Whole lists, not
/// single prompts: the last bits of an embedding may depend on what it was computed beside, and the same list must
/// always give the same bits. Not thread-safe.
/// </summary>
internal sealed class EmbeddingCache(int capacity)
{
    private readonly LinkedList<(string Key, PromptEmbeddings Embeddings)> _latestFirst = new();

    public PromptEmbeddings? Find(IEnumerable<string> prompts)
    {
        string key = KeyOf(prompts);
        for (var node = _latestFirst.First; node is not null; node = node.Next)
        {
            if (node.Value.Key != key)
                continue;
            _latestFirst.Remove(node);
            _latestFirst.AddFirst(node);
            return node.Value.Embeddings;
        }
        return null;
    }

    public void Add(IEnumerable<string> prompts, PromptEmbeddings embeddings)
    {
        _latestFirst.AddFirst((KeyOf(prompts), embeddings));
        if (_latestFirst.Count > capacity)
            _latestFirst.RemoveLast();
    }

    /// <summary>Prompts hold no control characters, so a line break cannot be part of one.</summary>
    private static string KeyOf(IEnumerable<string> prompts) => string.Join('\n', prompts);
}
