using System.CommandLine;
using System.CommandLine.Parsing;
using Lposs.Cli.Commands;
using Lposs.Cli.Help;
using Lposs.Cli.Output;

namespace Lposs.Cli;

/// <summary>The tree of sub-commands, and the reading of a command line.</summary>
internal static class CommandTree
{
    private const string Description =
        "Open-vocabulary semantic segmentation without training: a picture and class names in, a label map out "
        + "(LPOSS and LPOSS+, CVPR 2025, arXiv 2503.19777).";

    // Names of pictures may begin with "@", so nothing is a response file.
    private static readonly ParserConfiguration s_parsing = new() { ResponseFileTokenReplacer = null };

    /// <summary>Does what the command line says and returns the exit code.</summary>
    public static int Run(string[] arguments, Interruption interruption)
    {
        var parse = Create(interruption).Parse(arguments, s_parsing);
        if (FindMistake(parse, arguments) is not { } mistake)
            return parse.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        new CommandOutput(isJson: false, isQuiet: false).Fail($"{mistake}; see {CommandHelp.FullName(parse.CommandResult.Command)} --help");
        return ExitCode.Usage;
    }

    private static string? FindMistake(ParseResult parse, string[] arguments)
    {
        if (parse.Errors.Count > 0)
            return Sentence(parse.Errors[0].Message);
        // The parser would take a mistyped option for the name of a picture; after "--" it may be one.
        var options = arguments.TakeWhile(argument => argument != "--").Where(argument => argument is ['-', _, ..]).ToHashSet();
        var named = parse.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens);
        return named.FirstOrDefault(token => options.Contains(token.Value)) is { } unknown
            ? $"there is no option '{unknown.Value}'"
            : null;
    }

    private static RootCommand Create(Interruption interruption)
    {
        var global = new GlobalOptions(interruption);
        var root = new RootCommand(Description)
        {
            global.Json,
            global.Quiet,
            SegmentCommand.Create(global),
            BatchCommand.Create(global),
            EvalCommand.Create(global),
            ClassesCommand.Create(global),
            PropagateCommand.Create(global),
            RefineCommand.Create(global),
            BenchCommand.Create(global),
            DoctorCommand.Create(global),
            ModelsCommand.Create(global),
        };
        root.Directives.Clear();
        CommandHelp.Install(root);
        return root;
    }

    /// <summary>The parser's message in the form of all others: lower case, no full stop.</summary>
    private static string Sentence(string message) =>
        message.Length > 1 && char.IsUpper(message[0]) && char.IsLower(message[1])
            ? char.ToLowerInvariant(message[0]) + message[1..].TrimEnd('.')
            : message.TrimEnd('.');
}
