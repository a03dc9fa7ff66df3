using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Lposs.Cli.Options;

/// <summary>Options whose value is one number; what is wrong with a value is said by name, with what it may
/// be.</summary>
internal static class NumberOption
{
    /// <summary>A parameter of the method that is a whole number.</summary>
    public static Option<int?> Whole(string name, string description, ParameterRange range) =>
        Whole(name, description, (int)range.Minimum, (int)Math.Min(range.Maximum, int.MaxValue));

    /// <summary>A whole number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static Option<int?> Whole(string name, string description, int least, int most = int.MaxValue)
    {
        string range =
            most == int.MaxValue
                ? $"a whole number of {Text(least)} or more"
                : $"a whole number from {Text(least)} to {Text(most)}";
        return Create<int?>(
            name,
            description,
            range,
            text =>
                int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
                && value >= least
                && value <= most
                    ? value
                    : null
        );
    }

    /// <summary>A parameter of the method that is any number.</summary>
    public static Option<float?> Real(string name, string description, ParameterRange range) =>
        Create<float?>(
            name,
            description,
            $"a number {range}",
            text =>
                float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value)
                && range.Contains(value)
                    ? value
                    : null
        );

    private static Option<T> Create<T>(string name, string description, string range, Func<string, T> parse) =>
        new(name)
        {
            Description = description,
            HelpName = "N",
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (parse(text) is { } value)
                    return value;
                result.AddError($"{name} is '{text}'; it must be {range}");
                return default!;
            },
        };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
