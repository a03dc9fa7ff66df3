using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Lposs.Bundles;
using Xunit;

namespace Lposs.Tests.Support;

/// <summary>A copy of the bundled model in a temporary folder, to be damaged by a test.</summary>
internal sealed class TestBundle : IDisposable
{
    public TestBundle()
    {
        Folder = Directory.CreateTempSubdirectory("lposs-bundle-").FullName;
        foreach (string file in Directory.GetFiles(ModelBundle.DefaultFolder))
            File.Copy(file, PathOf(Path.GetFileName(file)));
    }

    public string Folder { get; }

    public string PathOf(string file) => Path.Combine(Folder, file);

    /// <summary>Changes the manifest.</summary>
    public void Edit(Action<JsonObject> change)
    {
        var manifest = JsonNode.Parse(File.ReadAllText(PathOf(ModelBundle.ManifestName)))!.AsObject();
        change(manifest);
        File.WriteAllText(PathOf(ModelBundle.ManifestName), manifest.ToJsonString());
    }

    /// <summary>Writes a file and lists it in the manifest with its size and hash.</summary>
    public void Put(string file, byte[] content)
    {
        File.WriteAllBytes(PathOf(file), content);
        Edit(manifest =>
        {
            var files = manifest["files"]!.AsArray();
            files.Remove(files.FirstOrDefault(entry => (string?)entry!["path"] == file));
            files.Add(
                new JsonObject
                {
                    ["path"] = file,
                    ["bytes"] = content.Length,
                    ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(content)),
                }
            );
        });
    }

    /// <summary>Opens the bundle, which must be refused, and gives the sentence without the folder's name.</summary>
    public string Refusal()
    {
        var refusal = Failing.With(LpossErrorCode.InvalidBundle, () => ModelBundle.Open(Folder));
        return refusal.Message.Replace(Folder + "/", "", StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
