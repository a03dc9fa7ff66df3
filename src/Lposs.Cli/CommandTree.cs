using System.CommandLine;
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
        if (parse.Errors.Count == 0)
            return parse.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        string command = CommandHelp.FullName(parse.CommandResult.Command);
        new CommandOutput(isJson: false, isQuiet: false).Fail($"{Sentence(parse.Errors[0].Message)}; see {command} --help");
        return ExitCode.Usage;
    }

    private static RootCommand Create(Interruption interruption)
    {
        var global = new GlobalOptions(interruption);
        var root = new RootCommand(Description)
        {
            global.Json,
            global.Quiet,
            PropagateCommand.Create(global),
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
