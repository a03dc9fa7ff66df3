using System.CommandLine;
using Lposs.Cli.Output;
using Lposs.Tools.Formats;

namespace Lposs.Cli.Options;

/// <summary>Where results go and in which formats; the same two options in every command that writes results.</summary>
internal sealed class ResultOptions : OptionGroup
{
    private const string DefaultFormat = "labels";

    private readonly Option<string?> _output;
    private readonly Option<string> _format;

    private ResultOptions(string helpName, string description)
    {
        _output = new Option<string?>("--output", "-o") { Description = description, HelpName = helpName };
        _format = new Option<string>("--format", "-f")
        {
            Description =
                $"What to write of each image, with commas between: {string.Join(", ", ResultFormats.Names)}.",
            HelpName = "FORMAT,...",
            DefaultValueFactory = _ => DefaultFormat,
        };
        _format.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && FindError(result.Tokens[0].Value) is { } error)
                result.AddError(error);
        });
    }

    public override IReadOnlyList<CommandPart> Parts => [_output, _format];

    /// <summary>A folder, with a name of its own where none is given.</summary>
    public static ResultOptions Folder(string description, string fallback)
    {
        var options = new ResultOptions("DIR", description);
        options._output.DefaultValueFactory = _ => fallback;
        return options;
    }

    /// <summary>A folder; nothing is written where none is given.</summary>
    public static ResultOptions OptionalFolder(string description) => new("DIR", description);

    /// <summary>A folder that must be given.</summary>
    public static ResultOptions RequiredFolder(string description)
    {
        var options = new ResultOptions("DIR", description);
        options._output.Required = true;
        return options;
    }

    /// <summary>A folder or, with one format, a file; for commands on one image.</summary>
    public static ResultOptions FileOrFolder()
    {
        var options = new ResultOptions(
            "FILE|DIR",
            "With one format a file, such as sharp.png, or scores.npy with --format scores; else a folder, made if it "
                + "is not there, whose files are named by the image."
        );
        options._output.Required = true;
        return options;
    }

    /// <summary>The folder or file; null where none is given.</summary>
    public string? ReadOutput(ParseResult parse) => parse.GetValue(_output);

    /// <summary>The names of the formats.</summary>
    public IReadOnlyList<string> ReadFormats(ParseResult parse) => Names(parse.GetRequiredValue(_format));

    /// <summary>The folder that is given, or its default.</summary>
    public ResultTarget ReadFolder(ParseResult parse) => ResultTarget.Folder(ReadOutput(parse)!, ReadFormats(parse));

    /// <summary>The file or folder that is given.</summary>
    public ResultTarget ReadFileOrFolder(ParseResult parse) =>
        ResultTarget.FileOrFolder(ReadOutput(parse)!, ReadFormats(parse));

    private static string[] Names(string text) =>
        text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string? FindError(string text)
    {
        string[] names = Names(text);
        string allowed = $"it may name {string.Join(", ", ResultFormats.Names)}";
        if (names.Length == 0)
            return $"--format is empty; {allowed}";
        if (names.Except(ResultFormats.Names).FirstOrDefault() is { } unknown)
            return $"--format names '{unknown}'; {allowed}";
        return names.Distinct().Count() == names.Length ? null : $"--format is '{text}'; it may name each format once";
    }
}
