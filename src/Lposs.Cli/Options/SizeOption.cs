using System.CommandLine;
using System.Globalization;
using Lposs.Imaging;

namespace Lposs.Cli.Options;

/// <summary>Height and width of a picture, written HxW, in pixels.</summary>
internal readonly record struct PictureSize(int Height, int Width);

internal static class SizeOption
{
    public static Option<PictureSize?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "HxW",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            string[] sides = text.Split('x');
            if (sides.Length == 2 && Side(sides[0]) is { } height && Side(sides[1]) is { } width
                && (long)height * width <= LabelMap.MaximumPixels)
                return new PictureSize(height, width);
            result.AddError($"{name} is '{text}'; it must be HEIGHTxWIDTH in pixels, such as 480x640");
            return null;
        },
    };

    private static int? Side(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int side) && side >= 1 ? side : null;
}
