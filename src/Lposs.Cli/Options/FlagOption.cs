using System.CommandLine;

namespace Lposs.Cli.Options;

/// <summary>Options that switch something on, or with "false" off, where a default may be either.</summary>
internal static class FlagOption
{
    public static Option<bool?> Create(string name, string description) => new(name)
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
