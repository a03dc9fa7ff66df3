using Lposs.Bundles;
using Lposs.Encoders;
using Lposs.Json;
using Lposs.Tools.Import;

namespace Lposs.Tools.Downloads;

/// <summary>A published pair of models that can be fetched by name.</summary>
public sealed class RegistryModel
{
    private RegistryModel(string name, string purpose, IReadOnlyList<RegistryFile> files, ImportSettings import) =>
        (Name, Purpose, Files, Import) = (name, purpose, files, import);

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>What it is for.</summary>
    public string Purpose { get; }

    /// <summary>What it needs, weights first.</summary>
    public IReadOnlyList<RegistryFile> Files { get; }

    /// <summary>How the files become a bundle.</summary>
    internal ImportSettings Import { get; }

    /// <summary>How <see cref="ModelImport"/> makes a bundle of the model.</summary>
    /// <param name="files">The model's files, as they were pulled.</param>
    public ImportOptions ToImportOptions(IReadOnlyList<PulledFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        string PathOf(FileRole role) => files.First(file => file.File.Role == role).Path;
        return new ImportOptions
        {
            Clip = PathOf(FileRole.ClipWeights),
            ClipConfiguration = PathOf(FileRole.ClipConfiguration),
            Dino = PathOf(FileRole.DinoWeights),
            Vocabulary = PathOf(FileRole.TokenizerVocabulary),
            Activation = ImportWords.Value(ImportWords.Activations, Import.Activation),
            Variant = ImportWords.Value(ImportWords.Variants, Import.Vlm),
            Feature = ImportWords.Value(ImportWords.Features, Import.VmFeature),
            Templates = PromptTemplates.Parse(Import.Templates),
            Name = Name,
            Licence = string.Join("; ", files.Select(file => $"{file.File.Name}: {file.File.Licence}")),
            Origin = string.Join("; ", files.Select(file => file.File.Origin)),
        };
    }

    /// <param name="reader">The model's object.</param>
    /// <param name="files">The registry's files by name.</param>
    internal static RegistryModel Read(JsonObjectReader reader, IReadOnlyDictionary<string, RegistryFile> files)
    {
        string name = reader.Text("name");
        if (!RegistryFile.IsPlainName(name))
            throw reader.Error(
                "name",
                $"is '{name}'; it must be letters, digits, '.', '_' and '-', and begin with a letter or digit."
            );
        var needed = reader
            .Texts("files")
            .Select(file =>
                files.TryGetValue(file, out var found)
                    ? found
                    : throw reader.Error("files", $"names '{file}', which the registry's files do not list.")
            )
            .ToList();
        foreach (var role in RegistryFile.Roles)
        {
            int count = needed.Count(file => file.Role == role.Value);
            if (count != 1)
                throw reader.Error("files", $"has {count} files of the role {role.Key}; a model needs one.");
        }
        var model = new RegistryModel(
            name,
            reader.Text("purpose"),
            needed,
            ImportSettings.Read(reader.Object("import"))
        );
        reader.RejectUnknown();
        return model;
    }
}

/// <summary>How a model's files become a bundle.</summary>
/// <param name="Vlm">What CLIP's last block does: maskclip, sclip, clearclip, nacclip or gem.</param>
/// <param name="Activation">What the weights were trained with: gelu or quick_gelu.</param>
/// <param name="Templates">The prompt templates: one or imagenet (CLIP's 80).</param>
/// <param name="VmFeature">Which feature of DINO's last block the appearance graph compares: q, k or v.</param>
internal sealed record ImportSettings(string Vlm, string Activation, string Templates, string VmFeature)
{
    internal static ImportSettings Read(JsonObjectReader reader)
    {
        var settings = new ImportSettings(
            Word(reader, "vlm", ImportWords.Variants),
            Word(reader, "activation", ImportWords.Activations),
            Word(reader, "templates", [(PromptTemplates.OneName, 0), (PromptTemplates.ImageNetName, 0)]),
            Word(reader, "vm_feature", ImportWords.Features)
        );
        reader.RejectUnknown();
        return settings;
    }

    private static string Word<T>(JsonObjectReader reader, string member, (string Word, T Value)[] choices)
    {
        string word = reader.Text(member);
        return choices.Any(choice => choice.Word == word)
            ? word
            : throw reader.Error(
                member,
                $"is '{word}'; it must be {string.Join(" or ", choices.Select(choice => choice.Word))}."
            );
    }
}
