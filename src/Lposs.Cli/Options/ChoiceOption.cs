using System.CommandLine;

namespace Lposs.Cli.Options;

/// <summary>An option whose value is one of a few words.</summary>
internal sealed class ChoiceOption<T>
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

    public void AddTo(Command command) => command.Add(_option);

    public T Read(ParseResult parse)
    {
        string word = parse.GetRequiredValue(_option);
        return _choices.First(choice => choice.Word == word).Value;
    }
}
