using System.CommandLine;
using Lposs.Imaging;

namespace Lposs.Cli.Options;

/// <summary>How images are read.</summary>
internal sealed class ImageOptions : OptionGroup
{
    private readonly Option<int?> _maximumPixels = NumberOption.Whole(
        "--max-pixels",
        "The most pixels that an image may have; larger ones are refused before they are decoded. [default: "
            + $"{ImageReadOptions.DefaultMaximumPixels}]",
        1,
        Image.MaximumPixels
    );

    private readonly ChoiceOption<bool> _orientation = new(
        "--orientation",
        "Turn images as their EXIF data says, or take their pixels as they are stored.",
        "upright",
        ("upright", false),
        ("stored", true)
    );

    public override IReadOnlyList<CommandPart> Parts => [_maximumPixels, .. _orientation.Parts];

    public ImageReadOptions Read(ParseResult parse) =>
        new()
        {
            MaximumPixels = parse.GetValue(_maximumPixels) ?? ImageReadOptions.DefaultMaximumPixels,
            AsStored = _orientation.Read(parse),
        };
}
