using System.CommandLine;

namespace Lposs.Cli.Options;

/// <summary>Options whose value is one of a few words.</summary>
internal static class ChoiceOption
{
    /// <param name="name">The option.</param>
    /// <param name="description">What it decides.</param>
    /// <param name="fallback">The value where it is not given.</param>
    /// <param name="choices">The words and what they mean.</param>
    public static Option<T> Create<T>(string name, string description, T fallback, params (string Word, T Value)[] choices)
    {
        string words = string.Join('|', choices.Select(choice => choice.Word));
        string fallbackWord = choices.First(choice => Equals(choice.Value, fallback)).Word;
        var option = new Option<T>(name)
        {
            Description = $"{description} [default: {fallbackWord}]",
            HelpName = words,
            CustomParser = result =>
            {
                if (result.Tokens.Count == 0)
                    return fallback;
                string text = result.Tokens[0].Value;
                foreach (var (word, value) in choices)
                {
                    if (word == text)
                        return value;
                }
                result.AddError($"{name} is '{text}'; it must be {string.Join(" or ", choices.Select(choice => choice.Word))}");
                return fallback;
            },
        };
        option.CompletionSources.Add(_ => choices.Select(choice => new System.CommandLine.Completions.CompletionItem(choice.Word)));
        return option;
    }
}
