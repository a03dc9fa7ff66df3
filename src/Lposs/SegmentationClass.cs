namespace Lposs;

/// <summary>A class as a user asks for it; what is left out gets a default.</summary>
/// <param name="Name">Its name.</param>
public sealed record ClassDefinition(string Name)
{
    /// <summary>What the text encoder is asked for; by default the name alone.</summary>
    public IReadOnlyList<string>? Prompts { get; init; }

    /// <summary>Its value in label maps, 0 to <see cref="ClassList.LargestId"/>; by default its place in the list. All
    /// classes of a list have one, or none.</summary>
    public int? Id { get; init; }

    /// <summary>Its colour; by default <see cref="RgbColour.Default"/>.</summary>
    public RgbColour? Colour { get; init; }
}

/// <summary>A class of a <see cref="ClassList"/>.</summary>
/// <param name="Name">Its name, white space trimmed.</param>
/// <param name="Prompts">One or more texts; the class takes the largest score of them.</param>
/// <param name="Id">Its value in label maps.</param>
/// <param name="Colour">Its colour.</param>
public sealed record SegmentationClass(string Name, IReadOnlyList<string> Prompts, int Id, RgbColour Colour);
