using System.Collections.Immutable;

namespace Lposs.Encoders;

/// <summary>What the text encoder says of one prompt.</summary>
/// <param name="Values">A unit vector.</param>
/// <param name="IsCut">Whether the prompt is longer than the text encoder reads, and was cut.</param>
internal sealed record PromptEmbedding(float[] Values, bool IsCut);

/// <summary>One unit vector per prompt of a list: [prompts, dimensions] float32, row-major.</summary>
internal sealed class PromptEmbeddings
{
    private readonly float[] _values;

    /// <param name="prompts">One or more, all of one length.</param>
    internal PromptEmbeddings(IReadOnlyList<PromptEmbedding> prompts)
    {
        Prompts = prompts.Count;
        Dimensions = prompts[0].Values.Length;
        _values = new float[checked(Prompts * Dimensions)];
        for (int prompt = 0; prompt < Prompts; prompt++)
            prompts[prompt].Values.CopyTo(_values, prompt * Dimensions);
        CutPrompts = [.. Enumerable.Range(0, Prompts).Where(prompt => prompts[prompt].IsCut)];
    }

    /// <summary>Number of prompts.</summary>
    public int Prompts { get; }

    /// <summary>Length of a vector.</summary>
    public int Dimensions { get; }

    /// <summary>The values.</summary>
    public ReadOnlyMemory<float> Values => _values;

    /// <summary>The prompts, by index in ascending order, that are longer than the text encoder reads and were
    /// cut.</summary>
    public ImmutableArray<int> CutPrompts { get; }

    /// <summary>The vector of one prompt.</summary>
    public ReadOnlySpan<float> Row(int prompt) => _values.AsSpan(prompt * Dimensions, Dimensions);
}
