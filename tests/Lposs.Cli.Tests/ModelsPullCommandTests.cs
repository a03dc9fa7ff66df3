using System.Security.Cryptography;
using System.Text.Json;
using Lposs.Bundles;
using Lposs.Encoders;
using Lposs.Tests.Support;
using Lposs.Tools.Downloads;
using Lposs.Tools.Import.Exporter;
using Xunit;

namespace Lposs.Cli.Tests;

/// <summary>The command against an HTTPS server whose certificate it trusts as OpenSSL's users say, by
/// SSL_CERT_FILE.</summary>
public sealed class ModelsPullCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, byte[]> _files = TestRegistry.Names.ToDictionary(
        name => name,
        name => Enumerable.Range(0, 5000).Select(i => (byte)(i * name.Length)).ToArray()
    );

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Pulls_records_and_checks()
    {
        using var server = Serve();
        var first = Pull("--accept-licence", "--json").AssertDone();
        Assert.Equal(
            TestRegistry.Names,
            first.Json.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("name").GetString()!)
        );
        foreach (var file in first.Json.GetProperty("files").EnumerateArray())
        {
            byte[] contents = _files[file.GetProperty("name").GetString()!];
            Assert.Equal(contents, File.ReadAllBytes(file.GetProperty("path").GetString()!));
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(contents)), file.GetProperty("sha256").GetString());
            Assert.Equal("nothing; recorded now", file.GetProperty("held_to").GetString());
        }
        Assert.Contains("licence Test licence, https://example.org/licence", first.Error, StringComparison.Ordinal);
        Assert.Contains("was recorded, and later pulls are verified against it", first.Error, StringComparison.Ordinal);
        Assert.Equal(4, server.Requests.Count);

        // The second pull makes no request, and needs no licence accepted.
        var second = Pull("--offline", "--json").AssertDone();
        Assert.All(
            second.Json.GetProperty("files").EnumerateArray(),
            file => Assert.Equal("first pull", file.GetProperty("held_to").GetString())
        );
        Assert.Equal(4, server.Requests.Count);

        var list = Run("models", "list", "--registry", "r.json", "--cache", "cache", "--json").AssertDone().Json;
        Assert.All(
            list.GetProperty("models")[0].GetProperty("files").EnumerateArray(),
            file => Assert.True(file.GetProperty("cached").GetBoolean())
        );
    }

    [Fact]
    public void A_file_that_differs_from_the_first_pull_is_refused()
    {
        using var server = Serve();
        string path = Pull("--accept-licence", "--json")
            .AssertDone()
            .Json.GetProperty("files")[2]
            .GetProperty("path")
            .GetString()!;
        File.Delete(path);
        _files["dino.safetensors"][17] ^= 1;
        var again = Pull("--accept-licence", "-q");
        again.AssertRefused(1, "dino.safetensors has the SHA-256", "is expected");
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_damaged_file_in_the_cache_is_fetched_again_or_offline_refused()
    {
        using var server = Serve();
        string path = Pull("--accept-licence", "--json")
            .AssertDone()
            .Json.GetProperty("files")[0]
            .GetProperty("path")
            .GetString()!;
        File.WriteAllText(path, "damaged");
        Pull("--offline", "-q").AssertRefused(1, "missing: clip.safetensors)", "--offline");
        Assert.Equal(4, server.Requests.Count);
        Assert.Contains("it is damaged", Pull("--accept-licence").AssertDone().Error, StringComparison.Ordinal);
        Assert.Equal(_files["clip.safetensors"], File.ReadAllBytes(path));
        Assert.Equal(5, server.Requests.Count);
    }

    [Fact]
    public void Without_the_licence_accepted_nothing_is_fetched()
    {
        using var server = Serve();
        var run = Pull();
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Test licence", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("must be accepted first; --accept-licence accepts them\n", run.Error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void Offline_makes_no_request()
    {
        using var server = Serve();
        Pull("--offline", "--accept-licence")
            .AssertRefused(1, "not whole in", "clip.safetensors", "allowed; without --offline it is fetched");
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void The_registrys_hash_decides()
    {
        using var server = Serve();
        var hashes = _files.ToDictionary(
            file => file.Key,
            file => Convert.ToHexStringLower(SHA256.HashData(file.Value))
        );
        File.WriteAllText(_folder.At("r.json"), TestRegistry.Text(server.Root, hashes));
        var files = Pull("--accept-licence", "--json").AssertDone().Json.GetProperty("files");
        Assert.All(files.EnumerateArray(), file => Assert.Equal("registry", file.GetProperty("held_to").GetString()));
        hashes["clip.json"] = new string('0', 64);
        File.WriteAllText(_folder.At("r.json"), TestRegistry.Text(server.Root, hashes));
        Pull("--accept-licence", "-q").AssertRefused(1, "clip.json has the SHA-256", new string('0', 64));
    }

    [Theory]
    [InlineData("{", "not valid JSON")]
    [InlineData("{\"schema\":1,\"files\":{\"https://a\":{\"bytes\":1,\"sha256\":\"0\"}}}", "sha256 is '0'")]
    public void Damaged_records_are_named_and_nothing_is_fetched(string records, string fragment)
    {
        using var server = Serve();
        Directory.CreateDirectory(_folder.At("cache"));
        File.WriteAllText(_folder.At("cache/hashes.json"), records);
        Pull("--accept-licence").AssertRefused(1, "hashes.json", fragment);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void A_mirror_takes_the_place_of_the_host_and_the_record_stays_that_of_the_address()
    {
        using var server = Serve();
        File.WriteAllText(_folder.At("r.json"), TestRegistry.Text(new Uri("https://models.example.org")));
        Pull("--accept-licence", "--mirror", server.Root.AbsoluteUri, "-q").AssertDone();
        Assert.Equal(TestRegistry.Names.Select(name => "/" + name), server.Requests.Select(request => request.Path));
        using var hashes = JsonDocument.Parse(File.ReadAllText(_folder.At("cache/hashes.json")));
        Assert.All(
            hashes.RootElement.GetProperty("files").EnumerateObject(),
            file => Assert.StartsWith("https://models.example.org/", file.Name, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Two_pulls_do_not_collide()
    {
        using var server = Serve();
        using (new DownloadCache(_folder.At("cache")).Lock())
            Pull("--accept-licence").AssertRefused(1, "another process fetches into", "--cache");
        Assert.Empty(server.Requests);
        Pull("--accept-licence").AssertDone();
    }

    [Theory]
    [InlineData("--mirror", "http://mirror.example.org")]
    [InlineData("--mirror", "mirror")]
    [InlineData("--proxy", "proxy:80")]
    public void Addresses_that_are_not_allowed_are_refused_by_option(string option, string value) =>
        Run("models", "pull", "--files-only", "tiny", option, value).AssertRefused(2, $"{option} is '{value}'");

    [Fact]
    public void A_model_that_is_not_there_is_named() =>
        Run("models", "pull", "--files-only", "clip", "--cache", "cache")
            .AssertRefused(1, "'clip'", "laion2b-b16-dino-b16");

    [SkippableFact]
    public void What_was_fetched_becomes_a_bundle_that_segment_takes_by_name()
    {
        ReferenceEncoders.Require();
        string clip = ReferenceEncoders.Make("clip", "open_clip", "--size", "tiny", "--vocabulary", "49408");
        ReferenceEncoders.Run("config", _folder.Root, "clip", clip, "--naming", "open_clip", "--activation", "gelu");
        _files["clip.safetensors"] = File.ReadAllBytes(clip);
        _files["clip.json"] = File.ReadAllBytes(_folder.At("open_clip_config.json"));
        _files["dino.safetensors"] = File.ReadAllBytes(ReferenceEncoders.Make("dino", "original", "--size", "tiny"));
        _files["vocab.txt.gz"] = TinyModels.PublishedList();
        using var server = Serve();
        (string, string)[] environment =
        [
            ("SSL_CERT_FILE", _folder.At("trusted.pem")),
            ("NO_PROXY", "localhost"),
            ("XDG_CACHE_HOME", _folder.At("xdg")),
        ];
        CommandRun Command(params string[] arguments) => LpossCommand.Run(_folder.Root, environment, arguments);

        string bundle = Command("models", "pull", "tiny", "--registry", "r.json", "--accept-licence", "--json")
            .AssertDone()
            .Json.GetProperty("bundle")
            .GetString()!;

        Assert.Equal(_folder.At("xdg/lposs/bundles/tiny"), bundle);
        Assert.Equal(PromptTemplates.One, ModelBundle.Open(bundle).Text.Templates);
        Command("models", "check", "tiny").AssertDone();
        Command("segment", LpossCommand.Street, "-c", "sky, road", "--model", "tiny", "--short-side", "224")
            .AssertDone();
        // The second pull makes neither requests nor a bundle.
        var again = Command("models", "pull", "tiny", "--registry", "r.json", "--offline").AssertDone();
        Assert.Contains("The bundle was made before", again.Output, StringComparison.Ordinal);
        // Nor does the third, which finds the bundle damaged and makes it again.
        File.AppendAllText(Path.Combine(bundle, "dino.onnx"), "x");
        var repaired = Command("models", "pull", "tiny", "--registry", "r.json", "--offline").AssertDone();
        Assert.Contains("the bundle is made again", repaired.Error, StringComparison.Ordinal);
        Command("models", "check", "tiny").AssertDone();
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public void Segment_takes_a_bundle_of_the_cache_by_name_and_a_folder_first()
    {
        string bundle = Path.Combine(_folder.At("xdg"), "lposs", "bundles", "small");
        Copy(bundle);
        string[] arguments = ["segment", LpossCommand.Street, "-c", "sky, road", "--model", "small", "--mode", "vlm"];
        var environment = new[] { ("XDG_CACHE_HOME", _folder.At("xdg")) };
        Assert.Contains(
            $"taking the bundle of that name, {bundle}",
            LpossCommand.Run(_folder.Root, environment, arguments).AssertDone().Error,
            StringComparison.Ordinal
        );

        Copy(_folder.At("small"));
        Assert.DoesNotContain(
            "taking the bundle",
            LpossCommand.Run(_folder.Root, environment, arguments).AssertDone().Error,
            StringComparison.Ordinal
        );

        LpossCommand
            .Run(_folder.Root, environment, ["segment", LpossCommand.Street, "-c", "sky", "--model", "../small"])
            .AssertRefused(1, "not a folder");
    }

    private FileServer Serve()
    {
        var server = new FileServer(
            (request, stream) => FileServer.Serving(_files[request.Path[1..]])(request, stream)
        );
        File.WriteAllText(_folder.At("trusted.pem"), FileServer.CertificatePem);
        File.WriteAllText(_folder.At("r.json"), TestRegistry.Text(server.Root));
        return server;
    }

    private CommandRun Pull(params string[] arguments) =>
        Run(["models", "pull", "--files-only", "tiny", "--registry", "r.json", "--cache", "cache", .. arguments]);

    private CommandRun Run(params string[] arguments) =>
        LpossCommand.Run(
            _folder.Root,
            [("SSL_CERT_FILE", _folder.At("trusted.pem")), ("NO_PROXY", "localhost")],
            arguments
        );

    private static void Copy(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.GetFiles(ModelBundle.DefaultFolder))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
    }
}
