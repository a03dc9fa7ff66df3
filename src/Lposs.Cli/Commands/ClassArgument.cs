using Lposs.Datasets;
using Lposs.Encoding;

namespace Lposs.Cli.Commands;

/// <summary>Classes as the command line names them.</summary>
internal static class ClassArgument
{
    /// <summary>Reads class names, or the class file or the class set of a benchmark whose name they are.</summary>
    public static ClassList Read(string text)
    {
        if (ClassSets.Find(text) is { } set)
            return set;
        if (!text.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            return ClassList.Parse(text);
        return File.Exists(text)
            ? ClassList.Load(text)
            : throw new UsageException($"there is no class file '{text}'; give class names, such as \"sky, road; street, car\", or a file that exists");
    }
}
