using System.CommandLine;
using System.Globalization;

namespace Lposs.Cli.Options;

/// <summary>An option whose value is one of a few words.</summary>
internal sealed class ChoiceOption<T> : OptionGroup
{
    private readonly Option<string> _option;
    private readonly (string Word, T Value)[] _choices;

    /// <param name="name">The option.</param>
    /// <param name="description">What it decides.</param>
    /// <param name="fallback">The word where it is not given.</param>
    /// <param name="choices">The words and what they mean.</param>
    public ChoiceOption(string name, string description, string fallback, params (string Word, T Value)[] choices)
    {
        string[] words = [.. choices.Select(choice => choice.Word)];
        _choices = choices;
        _option = new Option<string>(name)
        {
            Description = description,
            HelpName = string.Join('|', words),
            DefaultValueFactory = _ => fallback,
        };
        _option.Validators.Add(result =>
        {
            string text = result.Tokens.Count == 0 ? fallback : result.Tokens[0].Value;
            if (!words.Contains(text))
                result.AddError($"{name} is '{text}'; it must be {string.Join(" or ", words)}");
        });
        _option.CompletionSources.Add(words);
    }

    public override IReadOnlyList<CommandPart> Parts => [_option];

    public T Read(ParseResult parse)
    {
        string word = parse.GetRequiredValue(_option);
        return _choices.First(choice => choice.Word == word).Value;
    }
}

/// <summary>Options that switch something on, or with "false" off, where a default may be either.</summary>
internal static class FlagOption
{
    public static Option<bool?> Create(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "true|false",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = result =>
            {
                if (result.Tokens.Count == 0)
                    return true;
                string text = result.Tokens[0].Value;
                if (bool.TryParse(text, out bool value))
                    return value;
                result.AddError($"{name} is '{text}'; it must be true or false, or stand alone for true");
                return null;
            },
        };
}

/// <summary>Options whose value is a size in pixels, written HxW.</summary>
internal static class SizeOption
{
    public static Option<PixelSize?> Create(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "HxW",
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                string[] sides = text.Split('x');
                if (
                    sides.Length == 2
                    && Side(sides[0]) is { } height
                    && Side(sides[1]) is { } width
                    && (long)height * width <= LabelMap.MaximumPixels
                )
                    return new PixelSize(height, width);
                result.AddError($"{name} is '{text}'; it must be HEIGHTxWIDTH in pixels, such as 480x640");
                return null;
            },
        };

    private static int? Side(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int side) && side >= 1 ? side : null;
}

/// <summary>Options that name a file.</summary>
internal static class FileOption
{
    public static Option<string?> Create(string name, string helpName, string description, bool isRequired = false) =>
        new(name)
        {
            Description = description,
            HelpName = helpName,
            Required = isRequired,
        };
}
