using Lposs.Encoding;
using Lposs.Imaging;

namespace Lposs.Cli.Files;

/// <summary>Checks and writes the files that a user names for results.</summary>
internal static class ResultFiles
{
    /// <summary>The colours of labels without names: those of a class list that gives none.</summary>
    public static Palette Palette { get; } = new(Enumerable.Range(0, 256).Select(label => Rgb(ClassColour.Default(label))));

    public static RgbColour Rgb(ClassColour colour) => new(colour.Red, colour.Green, colour.Blue);

    /// <summary>
    /// Refuses results that would replace an input or each other, that have nowhere to go, or an empty list of them.
    /// </summary>
    public static void Check(IEnumerable<string?> inputs, params (string Option, string? Path)[] results)
    {
        if (results.All(result => result.Path is null))
            throw new UsageException($"no result is asked for; give {string.Join(" or ", results.Select(result => result.Option))}");
        var taken = inputs.OfType<string>().Where(input => input.Length > 0).DistinctBy(Path.GetFullPath)
            .ToDictionary(Path.GetFullPath, input => $"the input '{input}'");
        foreach (var (option, path) in results)
        {
            if (path is null)
                continue;
            if (path.Length == 0)
                throw new UsageException($"{option} is empty; it must name a file");
            if (!taken.TryAdd(Path.GetFullPath(path), $"what {option} names"))
                throw new UsageException($"{option} is '{path}', which is {taken[Path.GetFullPath(path)]}; name another file");
            RequireFolder(path);
        }
    }

    /// <summary>Better said before the long work than after it.</summary>
    private static void RequireFolder(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (Directory.Exists(path))
            throw new InputException($"cannot write '{path}': it is a folder");
        if (!Directory.Exists(folder))
            throw new InputException($"cannot write '{path}': the folder '{folder}' does not exist");
    }
}
