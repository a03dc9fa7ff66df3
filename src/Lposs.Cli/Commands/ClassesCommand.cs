using System.CommandLine;
using System.Globalization;
using Lposs.Cli.Output;
using Lposs.Datasets;
using Lposs.Encoding;

namespace Lposs.Cli.Commands;

/// <summary><c>lposs classes</c>: the class sets that <c>--classes</c> takes by name.</summary>
internal static class ClassesCommand
{
    public static Command Create(GlobalOptions global)
    {
        var name = new Argument<string?>("NAME") { Description = "The benchmark whose classes to show. Left out: all benchmarks.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("classes", "List the classes of benchmarks, which --classes takes by name.") { name };
        global.Bind(command, (parse, output, _) => Show(parse.GetValue(name), output));
        return command;
    }

    private static int Show(string? name, CommandOutput output)
    {
        if (name is not null && ClassSets.Find(name) is null)
            throw new UsageException($"there is no benchmark '{name}'; there are {string.Join(", ", ClassSets.Names)}");
        (string Name, ClassList Classes)[] sets = [.. (name is null ? ClassSets.Names : [name]).Select(set => (set, ClassSets.Find(set)!))];
        if (name is null)
            output.Show(Overview(sets));
        else
            output.Show(One(sets[0].Name, sets[0].Classes));
        output.Document(
            new ClassesDocument("classes", [.. sets.Select(set => new ClassSetDocument(set.Name, [.. set.Classes.Classes.Select(ClassDocument.Of)]))]),
            JsonContext.Readable.ClassesDocument);
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
