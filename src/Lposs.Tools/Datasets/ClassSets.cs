namespace Lposs.Tools.Datasets;

/// <summary>
/// The classes of the eight benchmarks of open-vocabulary segmentation by name: names, prompts, ids as in their label
/// maps (after reduction where 0 is no class) and colours, as the field's evaluation code (mmsegmentation and what
/// builds on it) has them. Where the background is a class it is asked for, as the paper does, by what backgrounds are
/// made of: 26 prompts for voc, 16 for coco-object. (The published list of coco-object has a 17th, "bed", which is one
/// of its classes too; a prompt stands for one class here, and it stands for that one.) Names of several words are
/// written as words.
/// </summary>
public static class ClassSets
{
    private static readonly string[] s_names =
    [
        "voc",
        "voc20",
        "context",
        "context59",
        "coco-object",
        "coco-stuff",
        "cityscapes",
        "ade20k",
    ];

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names => s_names;

    /// <summary>The classes of a benchmark; null if there is none of this name. Case does not count, and _ may stand
    /// for -.</summary>
    public static ClassList? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string plain = name.Trim().ToLowerInvariant().Replace('_', '-');
        if (!s_names.Contains(plain))
            return null;
        string resource = $"class-sets/{plain}.json";
        using var stream =
            typeof(ClassSets).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"the program was built without {resource}.");
        byte[] contents = new byte[stream.Length];
        stream.ReadExactly(contents);
        return ClassFile.Parse(contents, resource);
    }
}
