using System.CommandLine;
using System.CommandLine.Parsing;
using Lposs.Cli.Commands;
using Lposs.Cli.Commands.Batch;
using Lposs.Cli.Commands.Bench;
using Lposs.Cli.Commands.Cache;
using Lposs.Cli.Commands.Classes;
using Lposs.Cli.Commands.Doctor;
using Lposs.Cli.Commands.Eval;
using Lposs.Cli.Commands.Models;
using Lposs.Cli.Commands.Propagate;
using Lposs.Cli.Commands.Refine;
using Lposs.Cli.Commands.Segment;
using Lposs.Cli.Help;
using Lposs.Cli.Output;

namespace Lposs.Cli;

/// <summary>The tree of sub-commands, and the reading of a command line.</summary>
internal static class CommandTree
{
    private const string Description =
        "Open-vocabulary semantic segmentation without training: an image and class names in, a label map out "
        + "(LPOSS and LPOSS+, CVPR 2025, arXiv 2503.19777).";

    // Names of images may begin with "@", so nothing is a response file.
    private static readonly ParserConfiguration s_parsing = new() { ResponseFileTokenReplacer = null };

    /// <summary>Does what the command line says and returns the exit code.</summary>
    public static async Task<int> RunAsync(string[] arguments, Interruption interruption)
    {
        var parse = Create(new CommandHost(interruption)).Parse(arguments, s_parsing);
        if (FindError(parse, arguments) is not { } error)
            return await parse.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }
            );
        using var output = new CommandOutput();
        output.Fail($"{error}; see {CommandHelp.FullName(parse.CommandResult.Command)} --help");
        return ExitCode.Usage;
    }

    private static string? FindError(ParseResult parse, string[] arguments)
    {
        if (parse.Errors.Count > 0)
            return Sentence(parse.Errors[0].Message);
        // The parser would take a mistyped option for the name of an image; after "--" it may be one.
        var options = arguments
            .TakeWhile(argument => argument != "--")
            .Where(argument => argument is ['-', _, ..])
            .ToHashSet();
        var named = parse.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens);
        return named.FirstOrDefault(token => options.Contains(token.Value)) is { } unknown
            ? $"there is no option '{unknown.Value}'"
            : null;
    }

    private static RootCommand Create(CommandHost host)
    {
        var root = new RootCommand(Description)
        {
            new SegmentCommand(host),
            new BatchCommand(host),
            new PropagateCommand(host),
            new RefineCommand(host),
            EvalCommand.Create(host),
            ModelsCommand.Create(host),
            new ClassesCommand(host),
            CacheCommand.Create(host),
            new DoctorCommand(host),
            new BenchCommand(host),
        };
        foreach (var option in host.Options)
            root.Add(option);
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
