using System.CommandLine;
using System.Globalization;
using Lposs.Cli.Options;
using Lposs.Cli.Output;
using Lposs.Tools.Datasets;

namespace Lposs.Cli.Commands.Classes;

/// <summary><c>lposs classes</c>: the class sets that <c>--classes</c> takes by name.</summary>
internal sealed class ClassesCommand : ComputingCommand
{
    private readonly Argument<string?> _name = new("NAME")
    {
        Description = "The benchmark whose classes to show. Left out: all benchmarks.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public ClassesCommand(CommandHost host)
        : base(host, "classes", "List the classes of benchmarks, which --classes takes by name.") => Takes(_name);

    protected override int Run(CommandCall call)
    {
        string? name = call.Value(_name);
        var output = call.Output;
        (string Name, ClassList Classes)[] sets =
        [
            .. (name is null ? ClassSets.Names : [name]).Select(set => (set, ClassesOption.Benchmark(set))),
        ];
        if (name is null)
            output.Show(Overview(sets));
        else
            output.Show(One(sets[0].Name, sets[0].Classes));
        output.Document(
            new ClassesDocument(
                "classes",
                [
                    .. sets.Select(set => new ClassSetDocument(
                        set.Name,
                        [.. set.Classes.Classes.Select(ClassDocument.Of)]
                    )),
                ]
            ),
            JsonContext.Readable.ClassesDocument
        );
        return ExitCode.Done;
    }

    private static ResultTable Overview((string Name, ClassList Classes)[] sets)
    {
        var table = new ResultTable("Benchmarks", "name", ">classes", ">prompts");
        foreach (var (set, classes) in sets)
            table.Add(set, Text(classes.Classes.Length), Text(classes.Prompts.Length));
        return table;
    }

    private static ResultTable One(string set, ClassList classes)
    {
        var table = new ResultTable($"Classes of {set}", "class", ">id", "colour", "prompts");
        foreach (var c in classes.Classes)
            table.AddColoured(c.Colour, c.Name, Text(c.Id), c.Colour.ToString(), string.Join("; ", c.Prompts));
        return table;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What <c>lposs classes --json</c> prints.</summary>
/// <param name="Command">"classes".</param>
/// <param name="Sets">The benchmarks, or the one that was asked for.</param>
internal sealed record ClassesDocument(string Command, IReadOnlyList<ClassSetDocument> Sets);

/// <param name="Name">The benchmark.</param>
/// <param name="Classes">Its classes, in order of ids.</param>
internal sealed record ClassSetDocument(string Name, IReadOnlyList<ClassDocument> Classes);
