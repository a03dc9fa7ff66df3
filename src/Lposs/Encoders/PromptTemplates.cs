using Lposs.Files;

namespace Lposs.Encoders;

/// <summary>
/// The sentences that a class's name is put into before it is embedded, each with one "{}" for the name. Several make
/// the embedding steadier: the unit embeddings of all are averaged.
/// </summary>
public static class PromptTemplates
{
    /// <summary>The name of the list with <see cref="One"/> alone.</summary>
    public const string OneName = "one";

    /// <summary>The name of <see cref="ImageNet"/>.</summary>
    public const string ImageNetName = "imagenet";

    private const int MostTemplates = 1000;
    private const int MostBytes = 1 << 20;

    /// <summary>The plain sentence.</summary>
    public static IReadOnlyList<string> One { get; } = ["a photo of a {}."];

    /// <summary>The 80 that CLIP's authors published for ImageNet (Radford et al., 2021), which LPOSS uses.</summary>
    public static IReadOnlyList<string> ImageNet { get; } = ReadOwn(ImageNetName);

    /// <summary>A list by its name, or of a file with one template a line.</summary>
    /// <param name="nameOrPath"><see cref="OneName"/>, <see cref="ImageNetName"/> or a path.</param>
    /// <exception cref="LpossException">The file cannot be read, or a line is no template; the message names
    /// it.</exception>
    public static IReadOnlyList<string> Parse(string nameOrPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        return nameOrPath switch
        {
            OneName => One,
            ImageNetName => ImageNet,
            _ => ReadFile(nameOrPath),
        };
    }

    /// <summary>Whether a text has exactly one place for a name.</summary>
    public static bool IsTemplate(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split("{}").Length == 2;
    }

    private static List<string> ReadFile(string path)
    {
        if (!Path.Exists(path))
            throw new LpossException(
                LpossErrorCode.InvalidBundle,
                $"templates are '{path}', which is neither {OneName} nor {ImageNetName} nor a file."
            );
        string[] lines = SmallFile.ReadLines(path, MostBytes, LpossErrorCode.InvalidBundle, mayBePipe: true);
        var templates = new List<string>();
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            if (line.Length == 0)
                continue;
            if (!IsTemplate(line))
                throw new LpossException(
                    LpossErrorCode.InvalidBundle,
                    $"{path}, line {i + 1}, is '{line}'; a template has one {{}} where the class's name goes."
                );
            templates.Add(line);
        }
        return templates.Count is >= 1 and <= MostTemplates
            ? templates
            : throw new LpossException(
                LpossErrorCode.InvalidBundle,
                $"{path} has {templates.Count} templates; it may have 1 to {MostTemplates}."
            );
    }

    private static string[] ReadOwn(string name)
    {
        using var stream = typeof(PromptTemplates).Assembly.GetManifestResourceStream($"templates/{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
