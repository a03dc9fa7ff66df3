using System.Collections.Immutable;

namespace Lposs.Encoders;

/// <summary>One unit vector per prompt: [prompts, dimensions] float32, row-major.</summary>
internal sealed class PromptEmbeddings
{
    internal PromptEmbeddings(int prompts, int dimensions, float[] values, ImmutableArray<int> cutPrompts)
    {
        Prompts = prompts;
        Dimensions = dimensions;
        Values = values;
        CutPrompts = cutPrompts;
    }

    /// <summary>Number of prompts.</summary>
    public int Prompts { get; }

    /// <summary>Length of a vector.</summary>
    public int Dimensions { get; }

    /// <summary>The values.</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>The prompts, by index in ascending order, that are longer than the text encoder reads and were
    /// cut.</summary>
    public ImmutableArray<int> CutPrompts { get; }

    /// <summary>The vector of one prompt.</summary>
    public ReadOnlySpan<float> Row(int prompt) => Values.Span.Slice(prompt * Dimensions, Dimensions);
}
