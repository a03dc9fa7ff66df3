namespace Lposs.Tests.Support;

/// <summary>What the street photographs are asked for: names, and the label of the photographs that each stands
/// for.</summary>
internal sealed record StreetClasses(string Names, int[] Labels)
{
    /// <summary>The classes that the bundled encoders promise; everything else is ignored.</summary>
    public static StreetClasses Six { get; } = new("sky, building, road, pavement, tree, car", [0, 1, 3, 4, 5, 8]);

    /// <summary>All that the photographs label.</summary>
    public static StreetClasses Eleven { get; } =
        new(
            "sky, building, pole, road, pavement, tree, sign, fence, car, pedestrian, bicyclist",
            [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
        );

    public ClassList List => ClassList.Parse(Names);

    /// <summary>Labels of a photograph as places in <see cref="Labels"/>, 255 what is to be ignored.</summary>
    public int PlaceOf(ushort label) => Array.IndexOf(Labels, label) is >= 0 and var place ? place : 255;
}
