using System.CommandLine;
using System.Globalization;
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

    private readonly Option<SampleScale?> _scale = new("--scale")
    {
        Description =
            "How samples that are not 8 bits become so: none, the upper 8 of 16; auto, each image from its own dark "
            + "end to its own bright end; or the two values that become black and white, for every kind of samples. "
            + "[default: none]",
        HelpName = "none|auto|MIN,MAX",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (ParseScale(text) is { } scale)
                return scale;
            result.AddError($"--scale is '{text}'; it must be none, auto, or two numbers such as 0,4095");
            return null;
        },
    };

    private readonly Option<bool> _strict = new("--strict")
    {
        Description =
            "Refuse images that are damaged and could be read all the same, such as a JPEG with a hole, instead of "
            + "warning.",
    };

    public override IReadOnlyList<CommandPart> Parts => [_maximumPixels, .. _orientation.Parts, _scale, _strict];

    public ImageReadOptions Read(ParseResult parse) =>
        new()
        {
            MaximumPixels = parse.GetValue(_maximumPixels) ?? ImageReadOptions.DefaultMaximumPixels,
            AsStored = _orientation.Read(parse),
            Scale = parse.GetValue(_scale) ?? SampleScale.None,
            IsStrict = parse.GetValue(_strict),
        };

    private static SampleScale? ParseScale(string text)
    {
        if (text is "none" or "auto")
            return text == "auto" ? SampleScale.Auto : SampleScale.None;
        return
            text.Split(',') is [var first, var last]
            && double.TryParse(first, NumberStyles.Float, CultureInfo.InvariantCulture, out double minimum)
            && double.TryParse(last, NumberStyles.Float, CultureInfo.InvariantCulture, out double maximum)
            && double.IsFinite(minimum)
            && double.IsFinite(maximum)
            && minimum < maximum
            ? SampleScale.Between(minimum, maximum)
            : null;
    }
}
