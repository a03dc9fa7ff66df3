using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Lposs.Cli.Help;

/// <summary>What <c>--help</c> and <c>--version</c> print: the parser's own list of options, then examples.</summary>
internal static class CommandHelp
{
    /// <summary>Puts our actions behind the parser's options, and help behind commands that do nothing by
    /// themselves.</summary>
    public static void Install(RootCommand root)
    {
        foreach (var option in root.Options)
        {
            if (option is HelpOption help)
                help.Action = new HelpWithExamples((HelpAction)help.Action!);
            if (option is VersionOption version)
                version.Action = new PrintVersion();
        }
        ShowHelpWhereNothingIsDone(root);
    }

    /// <summary>Such as "lposs models show".</summary>
    public static string FullName(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent
            ? $"{FullName(parent)} {command.Name}"
            : "lposs";

    private static void ShowHelpWhereNothingIsDone(Command command)
    {
        foreach (var child in command.Subcommands)
            ShowHelpWhereNothingIsDone(child);
        if (command.Subcommands.Count == 0 || command.Action is not null)
            return;
        command.SetAction(parse =>
        {
            command.Parse(["--help"]).Invoke();
            return ExitCode.Usage;
        });
    }

    private sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
    {
        // Where nobody looks on, the parser's own width is that of an endless line.
        private const int LineWidth = 120;

        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            help.MaxWidth = Math.Min(help.MaxWidth, LineWidth);
            int exitCode = help.Invoke(parseResult);
            string examples = Examples.Of(FullName(parseResult.CommandResult.Command));
            if (examples.Length > 0)
                parseResult.InvocationConfiguration.Output.WriteLine($"Examples:\n{examples}");
            return exitCode;
        }
    }

    private sealed class PrintVersion : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"lposs {Program.Version}");
            return ExitCode.Done;
        }
    }
}
