using System.Text.Json;

namespace Lposs.Tests.Support;

/// <summary>A registry of one small model, "tiny", as users may write one.</summary>
internal static class TestRegistry
{
    /// <summary>The names of its files, in its order.</summary>
    public static readonly string[] Names = ["clip.safetensors", "clip.json", "dino.safetensors", "vocab.txt.gz"];

    private static readonly string[] s_roles =
    [
        "clip_weights",
        "clip_configuration",
        "dino_weights",
        "tokenizer_vocabulary",
    ];

    /// <summary>Its text.</summary>
    /// <param name="root">Where the files are, each by its name.</param>
    /// <param name="hashes">Of all files; null where the registry is to know none.</param>
    public static string Text(Uri root, IReadOnlyDictionary<string, string>? hashes = null) =>
        JsonSerializer.Serialize(
            new
            {
                schema = 1,
                files = Names.Select(
                    (name, i) =>
                        new
                        {
                            name,
                            role = s_roles[i],
                            address = new Uri(root, "/" + name).AbsoluteUri,
                            sha256 = hashes?[name],
                            licence = "Test licence",
                            licence_address = "https://example.org/licence",
                            origin = "the tests",
                        }
                ),
                models = new[]
                {
                    new
                    {
                        name = "tiny",
                        purpose = "tests",
                        files = Names,
                        import = new
                        {
                            vlm = "maskclip",
                            activation = "gelu",
                            templates = "one",
                            vm_feature = "v",
                        },
                    },
                },
            }
        );
}
