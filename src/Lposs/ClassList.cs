using System.Collections.Immutable;

namespace Lposs;

/// <summary>
/// The classes that an image is segmented into, checked: names, prompts and ids are each there once (letter case
/// and the amount of white space do not count), nothing is empty. Immutable and thread-safe.
/// </summary>
public sealed class ClassList
{
    /// <summary>The largest id: 65535 is the value for "no class" in 16-bit label maps.</summary>
    public const int LargestId = 65_534;

    /// <summary>The largest id of 8-bit label maps, where 255 means "no class".</summary>
    public const int LargestId8Bit = 254;

    /// <param name="definitions">The classes, in order.</param>
    /// <exception cref="LpossException">A class is wrong; the message names the class.</exception>
    public ClassList(IEnumerable<ClassDefinition> definitions)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        ClassDefinition[] list = [.. definitions];
        if (list.Length == 0)
            throw new LpossException(
                LpossErrorCode.InvalidClasses,
                "the list of classes is empty; it needs one class or more."
            );
        RequireAllIdsOrNone(list);
        Classes = [.. list.Select(Resolve)];
        RefuseDuplicates();
        Prompts = [.. Classes.SelectMany(c => c.Prompts)];
        PromptClasses = [.. Classes.SelectMany((c, index) => c.Prompts.Select(_ => index))];
    }

    /// <summary>The classes, in order.</summary>
    public ImmutableArray<SegmentationClass> Classes { get; }

    /// <summary>All prompts, those of the first class first.</summary>
    public ImmutableArray<string> Prompts { get; }

    /// <summary>For each of <see cref="Prompts"/> the index of its class in <see cref="Classes"/>.</summary>
    public ImmutableArray<int> PromptClasses { get; }

    /// <summary>Bits of a label map's values: 8 if no id is above <see cref="LargestId8Bit"/>, else 16.</summary>
    public int LabelBits => Classes.All(c => c.Id <= LargestId8Bit) ? 8 : 16;

    /// <summary>The value for "no class" in label maps of <see cref="LabelBits"/>: 255 or 65535.</summary>
    public int IgnoreId => LabelBits == 8 ? byte.MaxValue : ushort.MaxValue;

    /// <summary>
    /// Reads "sky, road; street, car": a comma between classes, a semicolon between the prompts of one class, whose
    /// first is its name.
    /// </summary>
    /// <exception cref="LpossException">A class is wrong; the message names the class.</exception>
    public static ClassList Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (string.IsNullOrWhiteSpace(text))
            throw new LpossException(
                LpossErrorCode.InvalidClasses,
                "the list of classes is empty; it needs one class or more, as in \"sky, road; street, car\"."
            );
        return new ClassList(
            text.Split('\n')
                .Where(line => !string.IsNullOrWhiteSpace(line))
                .SelectMany(line => line.Split(','))
                .Select(part =>
                {
                    string[] prompts = part.Split(';');
                    return new ClassDefinition(prompts[0]) { Prompts = prompts };
                })
        );
    }

    /// <summary>
    /// Reads a class file. ".txt": a class on each line, its prompts with commas between, the first of which names it.
    /// Any other: JSON, a list of names or of objects with "name" and, if wanted, "prompts", "id" and "colour"; or an
    /// object with each class's prompts under its name.
    /// </summary>
    /// <exception cref="LpossException">A class is wrong; the message names the file and the class.</exception>
    public static ClassList Load(string path) => ClassFile.Read(path);

    /// <summary>The list as the text of a class file that <see cref="Load"/> reads.</summary>
    public string ToJson() => ClassFile.Write(this);

    private static SegmentationClass Resolve(ClassDefinition definition, int index)
    {
        string name = Clean(definition.Name, $"class {index + 1} has an empty name", $"the name of class {index + 1}");
        var prompts = definition.Prompts ?? [name];
        if (prompts.Count == 0)
            throw new LpossException(
                LpossErrorCode.InvalidClasses,
                $"class '{name}' has no prompts; it needs one or more, or none at all to be asked for by its name."
            );
        int id = definition.Id ?? index;
        if (id is < 0 or > LargestId)
            throw new LpossException(
                LpossErrorCode.InvalidClasses,
                $"class '{name}' has the id {id}; an id is a whole number from 0 to {LargestId}."
            );
        return new SegmentationClass(
            name,
            [
                .. prompts.Select(prompt =>
                    Clean(prompt, $"class '{name}' has an empty prompt", $"a prompt of class '{name}'")
                ),
            ],
            id,
            definition.Colour ?? RgbColour.Default(index)
        );
    }

    /// <summary>Trims a text and makes one space of each run of white space.</summary>
    private static string Clean(string text, string whenEmpty, string what)
    {
        string clean = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (clean.Length == 0)
            throw new LpossException(
                LpossErrorCode.InvalidClasses,
                $"{whenEmpty}; a name or prompt needs at least one character."
            );
        if (clean.Any(char.IsControl))
            throw new LpossException(
                LpossErrorCode.InvalidClasses,
                $"{what} holds a control character; only text is allowed."
            );
        return clean;
    }

    private static void RequireAllIdsOrNone(ClassDefinition[] list)
    {
        if (list.Any(c => c.Id is not null) && list.FirstOrDefault(c => c.Id is null) is { } without)
            throw new LpossException(
                LpossErrorCode.InvalidClasses,
                $"class '{without.Name}' has no id, and other classes have; give all classes an id, or none."
            );
    }

    private void RefuseDuplicates()
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var prompts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var ids = new Dictionary<int, string>();
        foreach (var c in Classes)
        {
            if (!names.Add(c.Name))
                throw new LpossException(
                    LpossErrorCode.InvalidClasses,
                    $"class '{c.Name}' is there twice; each class is named once."
                );
            if (!ids.TryAdd(c.Id, c.Name))
                throw new LpossException(
                    LpossErrorCode.InvalidClasses,
                    $"classes '{ids[c.Id]}' and '{c.Name}' both have the id {c.Id}; ids are used once."
                );
            foreach (string prompt in c.Prompts)
            {
                if (!prompts.TryAdd(prompt, c.Name))
                    throw new LpossException(
                        LpossErrorCode.InvalidClasses,
                        $"the prompt '{prompt}' of class '{c.Name}' is also one of class '{prompts[prompt]}'; each "
                            + "prompt is used once."
                    );
            }
        }
    }
}
