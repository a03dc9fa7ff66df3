namespace Lposs.Encoders;

/// <summary>The embeddings of the latest prompts; the one that was not asked for longest goes first. Not
/// thread-safe.</summary>
internal sealed class PromptMemory(int capacity)
{
    private readonly Dictionary<string, LinkedListNode<(string Prompt, PromptEmbedding Embedding)>> _byPrompt = [];
    private readonly LinkedList<(string Prompt, PromptEmbedding Embedding)> _latestFirst = new();

    public PromptEmbedding? Find(string prompt)
    {
        if (!_byPrompt.TryGetValue(prompt, out var node))
            return null;
        _latestFirst.Remove(node);
        _latestFirst.AddFirst(node);
        return node.Value.Embedding;
    }

    public void Add(string prompt, PromptEmbedding embedding)
    {
        if (_byPrompt.Remove(prompt, out var known))
            _latestFirst.Remove(known);
        _byPrompt[prompt] = _latestFirst.AddFirst((prompt, embedding));
        if (_byPrompt.Count > capacity)
        {
            _byPrompt.Remove(_latestFirst.Last!.Value.Prompt);
            _latestFirst.RemoveLast();
        }
    }
}
