using System.CommandLine;

namespace Lposs.Cli.Options;

/// <summary>An argument, an option or a group of options that a command takes.</summary>
internal readonly struct CommandPart
{
    private readonly Action<Command> _addTo;

    private CommandPart(Action<Command> addTo) => _addTo = addTo;

    public static implicit operator CommandPart(Option option) => new(command => command.Add(option));

    public static implicit operator CommandPart(Argument argument) => new(command => command.Add(argument));

    public static implicit operator CommandPart(OptionGroup group) =>
        new(command =>
        {
            foreach (var part in group.Parts)
                part.AddTo(command);
        });

    public void AddTo(Command command) => _addTo(command);
}

/// <summary>Options that several commands have, and what they mean together.</summary>
internal abstract class OptionGroup
{
    /// <summary>The options, in the order of <c>--help</c>.</summary>
    public abstract IReadOnlyList<CommandPart> Parts { get; }
}
