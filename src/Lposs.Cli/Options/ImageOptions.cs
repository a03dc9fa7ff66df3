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

    public override IReadOnlyList<CommandPart> Parts => [_maximumPixels];

    public ImageReadOptions Read(ParseResult parse) =>
        new() { MaximumPixels = parse.GetValue(_maximumPixels) ?? ImageReadOptions.DefaultMaximumPixels };
}
