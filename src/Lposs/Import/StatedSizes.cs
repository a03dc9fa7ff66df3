using Lposs.Towers;

namespace Lposs.Import;

/// <summary>What a configuration says of a tower's sizes; null where it says nothing.</summary>
/// <param name="Width">Of a token.</param>
/// <param name="Layers">Blocks.</param>
/// <param name="Heads">Of the attention, which weights do not show.</param>
/// <param name="Side">The side of a patch in pixels, or the tokens of a text.</param>
internal sealed record StatedSizes(int? Width, int? Layers, int? Heads, int? Side)
{
    /// <summary>Compares them with what the weights show.</summary>
    /// <param name="configuration">The configuration's path.</param>
    /// <param name="weights">The weights' path.</param>
    /// <param name="tower">"image" or "text".</param>
    /// <param name="side">What <see cref="Side"/> is called.</param>
    /// <param name="built">The tower.</param>
    /// <exception cref="ImportException">One differs.</exception>
    public void RequireThoseOf(string configuration, string weights, string tower, string side, BuiltTower built)
    {
        foreach (var (name, stated, actual) in new[] { ("width", Width, built.Width), ("number of blocks", Layers, built.Layers), (side, Side, built.Size) })
        {
            if (stated is { } size && size != actual)
            {
                throw new ImportException(
                    $"{configuration} says that the {tower} tower has a {name} of {size}, and in {weights} it is {actual}; they belong to different models.");
            }
        }
    }
}
