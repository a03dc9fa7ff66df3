using System.CommandLine;
using Lposs.Imaging;

namespace Lposs.Cli.Options;

/// <summary>How pictures are read.</summary>
internal sealed class PictureOptions
{
    private readonly Option<int?> _maximumPixels = NumberOption.Whole(
        "--max-pixels",
        $"The most pixels that a picture may have; larger ones are refused before they are decoded. [default: {ImageReadOptions.DefaultMaximumPixels}]",
        1, RgbImage.MaximumPixels);

    public void AddTo(Command command) => command.Add(_maximumPixels);

    public ImageReadOptions Read(ParseResult parse) =>
        new() { MaximumPixels = parse.GetValue(_maximumPixels) ?? ImageReadOptions.DefaultMaximumPixels };
}
