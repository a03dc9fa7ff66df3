using Lposs.Models;

namespace Lposs.Downloads;

/// <summary>A published pair of models that can be fetched by name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Files">What it needs, weights first.</param>
/// <param name="Import">How the files become a bundle.</param>
public sealed record RegistryModel(string Name, string Purpose, IReadOnlyList<RegistryFile> Files, ImportSettings Import)
{
    /// <param name="reader">The model's object.</param>
    /// <param name="files">The registry's files by name.</param>
    internal static RegistryModel Read(JsonObjectReader reader, IReadOnlyDictionary<string, RegistryFile> files)
    {
        string name = reader.Text("name");
        if (!RegistryFile.IsPlainName(name))
            throw reader.Mistake("name", $"is '{name}'; it must be letters, digits, '.', '_' and '-', and begin with a letter or digit.");
        var needed = reader.Texts("files").Select(file => files.TryGetValue(file, out var found)
            ? found
            : throw reader.Mistake("files", $"names '{file}', which the registry's files do not list.")).ToList();
        foreach (var role in RegistryFile.Roles)
        {
            int count = needed.Count(file => file.Role == role.Value);
            if (count != 1)
                throw reader.Mistake("files", $"has {count} files of the role {role.Key}; a model needs one.");
        }
        var model = new RegistryModel(name, reader.Text("purpose"), needed, ImportSettings.Read(reader.Object("import")));
        reader.RefuseOthers();
        return model;
    }
}
