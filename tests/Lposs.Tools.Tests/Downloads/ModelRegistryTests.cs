using Lposs.Tests.Support;
using Lposs.Tools.Downloads;
using Lposs.Tools.Import.Exporter;
using Xunit;

namespace Lposs.Tools.Tests.Downloads;

public sealed class ModelRegistryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_registry_that_comes_with_lposs_names_files_that_can_be_imported()
    {
        var registry = ModelRegistry.ReadDefault();
        Assert.Equal(
            ["laion2b-b16-dino-b16", "openai-b16-dino-b16", "openai-l14-dino-b16", "laion2b-b16-dinov2-b14"],
            registry.Models.Select(model => model.Name)
        );
        foreach (var file in registry.Models.SelectMany(model => model.Files))
        {
            Assert.Equal("https", file.Address.Scheme);
            if (file.Role is FileRole.ClipWeights or FileRole.DinoWeights)
                Assert.EndsWith(".safetensors", file.Address.AbsolutePath, StringComparison.Ordinal);
            // A hash is that of one revision; what an address gives that names none may change.
            if (file.Sha256 is not null && file.Role != FileRole.TokenizerVocabulary)
                Assert.Matches("/resolve/[0-9a-f]{40}/", file.Address.AbsoluteUri);
            // Who sees no hash must be told so.
            Assert.True(file.Sha256 is not null || file.Note is not null, file.Name);
        }
        // The weights decide: OpenAI's were trained with QuickGELU, LAION-2B's B/16 with GELU.
        Assert.All(
            registry.Models,
            model =>
                Assert.Equal(
                    model.Name.StartsWith("openai", StringComparison.Ordinal) ? "quick_gelu" : "gelu",
                    model.Import.Activation
                )
        );
    }

    [Theory]
    [InlineData("\"schema\":1", "\"schema\":2", "schema is 2")]
    [InlineData("\"name\":\"clip.json\"", "\"name\":\"../clip.json\"", "files[1].name is '../clip.json'")]
    [InlineData("\"name\":\"clip.json\"", "\"name\":\".clip\"", "files[1].name is '.clip'")]
    [InlineData(
        "https://example.org/clip.json",
        "http://example.org/clip.json",
        "files[1].address is 'http://example.org/clip.json'; it must be an https://"
    )]
    [InlineData("https://example.org/clip.json", "https://me@example.org/clip.json", "without a user name")]
    [InlineData("\"role\":\"clip_configuration\"", "\"role\":\"config\"", "files[1].role is 'config'")]
    [InlineData(
        "\"role\":\"clip_configuration\"",
        "\"role\":\"clip_weights\"",
        "models[0].files has 2 files of the role clip_weights"
    )]
    [InlineData(
        "\"origin\":\"the tests\"},{\"name\":\"clip.json\"",
        "\"origin\":\"the tests\",\"bytes\":0},{\"name\":\"clip.json\"",
        "files[0].bytes is 0"
    )]
    [InlineData("\"vlm\":\"maskclip\"", "\"vlm\":\"clip\"", "models[0].import.vlm is 'clip'")]
    [InlineData("\"purpose\":\"tests\"", "\"purpos\":\"tests\"", "models[0].purpose is missing")]
    [InlineData("\"name\":\"tiny\"", "\"name\":\"a/b\"", "models[0].name is 'a/b'")]
    [InlineData("\"sha256\":null,\"licence\":\"Test", "\"sha256\":\"12\",\"licence\":\"Test", "sha256 is '12'")]
    public void What_is_wrong_with_a_registry_is_named(string right, string wrong, string fragment)
    {
        string text = TestRegistry.Text(new Uri("https://example.org"));
        Assert.Contains(right, text, StringComparison.Ordinal);
        File.WriteAllText(_folder.At("r.json"), text.Replace(right, wrong, StringComparison.Ordinal));
        var error = Failing.With(LpossErrorCode.DownloadFailed, () => ModelRegistry.Read(_folder.At("r.json")));
        Assert.Contains(fragment, error.Message, StringComparison.Ordinal);
        Assert.Contains("r.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_not_there_is_refused_with_those_that_are()
    {
        var error = Failing.With(LpossErrorCode.DownloadFailed, () => ModelRegistry.ReadDefault().Find("clip"));
        Assert.Contains("laion2b-b16-dino-b16", error.Message, StringComparison.Ordinal);
    }
}
