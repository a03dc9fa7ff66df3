using System.CommandLine;
using System.Globalization;
using Lposs.Imaging;
using Lposs.Segmentation;

namespace Lposs.Cli.Options;

/// <summary>Options whose value is a size in pixels, written HxW.</summary>
internal static class SizeOption
{
    public static Option<PixelSize?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "HxW",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            string[] sides = text.Split('x');
            if (sides.Length == 2 && Side(sides[0]) is { } height && Side(sides[1]) is { } width
                && (long)height * width <= LabelMap.MaximumPixels)
                return new PixelSize(height, width);
            result.AddError($"{name} is '{text}'; it must be HEIGHTxWIDTH in pixels, such as 480x640");
            return null;
        },
    };

    private static int? Side(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int side) && side >= 1 ? side : null;
}
