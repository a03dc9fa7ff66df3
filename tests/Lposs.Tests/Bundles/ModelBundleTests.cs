using System.Text.Json.Nodes;
using Lposs.Bundles;
using Lposs.Tests.Support;
using Lposs.Tools.Import;
using Xunit;

namespace Lposs.Tests.Bundles;

public sealed class ModelBundleTests : IDisposable
{
    private readonly TestBundle _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_bundled_model_says_what_it_is()
    {
        var bundle = ModelBundle.OpenDefault();

        Assert.Equal("mini", bundle.Name);
        Assert.Equal("MIT", bundle.Licence);
        Assert.Equal(new ImageSpec(364, 2048, 256, 128), bundle.Image);
        Assert.Equal(
            ("image.onnx", "image", "patch", 16),
            (bundle.Vlm.File, bundle.Vlm.Input, bundle.Vlm.Output, bundle.Vlm.PatchSize)
        );
        Assert.Equal(
            ("image.onnx", "image", "vm", 16),
            (bundle.Vm.File, bundle.Vm.Input, bundle.Vm.Output, bundle.Vm.PatchSize)
        );
        Assert.Equal<float>([0f, 0f, 0f], bundle.Vlm.Mean);
        Assert.Equal<float>([1f, 1f, 1f], bundle.Vlm.Std);
        Assert.Equal(32, bundle.Text.ContextLength);
        Assert.Equal(["a photo of a {}"], bundle.Text.Templates);
    }

    [Fact]
    public void Parameters_that_the_manifest_leaves_out_are_the_papers()
    {
        _folder.Edit(manifest =>
            manifest["parameters"] = new JsonObject { ["patch_graph"] = new JsonObject { ["gamma"] = 5 } }
        );

        var parameters = ModelBundle.Open(_folder.Folder).Parameters;

        Assert.Equal(new PropagationParameters { PatchGraph = new() { Gamma = 5 } }, parameters);
        Assert.Equal(
            (400, 3f, 0.01f, 1f, false),
            (
                new PatchGraphParameters().K,
                new PatchGraphParameters().Gamma,
                new PatchGraphParameters().Sigma,
                new PatchGraphParameters().DistancePower,
                new PatchGraphParameters().Centre
            )
        );
        Assert.Equal(
            (0.95f, 1e-6f, 10),
            (parameters.PatchSolver.Alpha, parameters.PatchSolver.Tolerance, parameters.PatchSolver.MaxSteps)
        );
        Assert.Equal((0.01f, 6), (parameters.PixelGraph.Tau, parameters.PixelGraph.Radius));
    }

    [Fact]
    public void Every_parameter_can_be_given()
    {
        _folder.Edit(manifest =>
            manifest["parameters"] = JsonNode.Parse(
                """
                {
                  "patch_graph": { "k": 7, "gamma": 2.5, "sigma": 0.5, "distance_power": 2, "centre": true },
                  "pixel_graph": { "tau": 0.25, "radius": 3 },
                  "patch_solver": { "alpha": 0.5, "tolerance": 0.125, "max_steps": 4, "subtract_class_mean": true },
                  "pixel_solver": { "alpha": 0.75, "tolerance": 0.0625, "max_steps": 5, "subtract_class_mean": true }
                }
                """
            )
        );

        Assert.Equal(
            new PropagationParameters
            {
                PatchGraph = new()
                {
                    K = 7,
                    Gamma = 2.5f,
                    Sigma = 0.5f,
                    DistancePower = 2,
                    Centre = true,
                },
                PixelGraph = new() { Tau = 0.25f, Radius = 3 },
                PatchSolver = new()
                {
                    Alpha = 0.5f,
                    Tolerance = 0.125f,
                    MaxSteps = 4,
                    SubtractClassMean = true,
                },
                PixelSolver = new()
                {
                    Alpha = 0.75f,
                    Tolerance = 0.0625f,
                    MaxSteps = 5,
                    SubtractClassMean = true,
                },
            },
            ModelBundle.Open(_folder.Folder).Parameters
        );
    }

    [Theory]
    [InlineData("sky", true)]
    [InlineData("  Traffic   LIGHT ", true)]
    [InlineData("zebra", false)]
    [InlineData("traffic", false)]
    public void Known_words_are_told_from_others(string prompt, bool known) =>
        Assert.Equal(known, ModelBundle.OpenDefault().KnownWords!.Contains(prompt));

    [Fact]
    public void A_bundle_may_leave_its_known_words_out()
    {
        _folder.Edit(manifest => manifest.Remove("known_words"));
        Assert.Null(ModelBundle.Open(_folder.Folder).KnownWords);
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_refused()
    {
        string folder = _folder.PathOf("nowhere");
        var refusal = Failing.With(LpossErrorCode.InvalidBundle, () => ModelBundle.Open(folder));
        Assert.Equal($"{folder} is not a folder; a model bundle is a folder with model.json in it.", refusal.Message);
    }

    [Fact]
    public void A_missing_manifest_is_refused()
    {
        File.Delete(_folder.PathOf("model.json"));
        Assert.Equal("model.json does not exist.", _folder.Refusal());
    }

    [Theory]
    [InlineData("", "model.json is not valid JSON (line 1, byte 1): ")]
    [InlineData("{\n  \"schema\": 1,\n  oops }", "model.json is not valid JSON (line 3, byte 3): ")]
    [InlineData("{ \"schema\": 1, \"schema\": 1 }", "model.json is not valid JSON: ")]
    [InlineData("[]", "model.json: the file holds a list of 0; it must be an object.")]
    [InlineData("{}", "model.json: schema is missing.")]
    [InlineData("{ \"schema\": 2 }", "model.json: schema is 2; this version reads 1.")]
    [InlineData(
        "{ \"schema\": \"1\" }",
        "model.json: schema is a text; it must be a whole number from 1 to 2147483647."
    )]
    [InlineData("{ \"\\ud800\": 1 }", "model.json has a name with a broken Unicode escape.")]
    [InlineData("{ \"schema\": 1, \"name\": \"\\ud800\" }", "model.json: name has a broken Unicode escape.")]
    public void A_manifest_that_is_no_manifest_is_refused(string text, string sentence)
    {
        File.WriteAllText(_folder.PathOf("model.json"), text);
        string refusal = _folder.Refusal();
        Assert.StartsWith(sentence, refusal, StringComparison.Ordinal);
        Assert.EndsWith(".", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_that_is_not_utf8_is_refused()
    {
        File.WriteAllBytes(_folder.PathOf("model.json"), [(byte)'"', 0xFF, (byte)'"']);
        Assert.Equal("model.json is not UTF-8 text.", _folder.Refusal());
    }

    [Fact]
    public void An_absurdly_large_manifest_is_refused()
    {
        File.WriteAllBytes(_folder.PathOf("model.json"), new byte[(1 << 20) + 1]);
        Assert.Equal("model.json has 1048577 bytes; at most 1048576 are read.", _folder.Refusal());
    }

    [Theory]
    [InlineData("name")]
    [InlineData("description")]
    [InlineData("licence")]
    [InlineData("origin")]
    [InlineData("files")]
    [InlineData("vlm")]
    [InlineData("vm")]
    [InlineData("text")]
    [InlineData("vlm.file")]
    [InlineData("vlm.input")]
    [InlineData("vm.output")]
    [InlineData("vm.mean")]
    [InlineData("vm.std")]
    [InlineData("vm.patch_size")]
    [InlineData("text.file")]
    [InlineData("text.input")]
    [InlineData("text.output")]
    [InlineData("text.context_length")]
    [InlineData("text.templates")]
    [InlineData("text.tokenizer")]
    [InlineData("text.tokenizer.kind")]
    [InlineData("text.tokenizer.files")]
    [InlineData("text.tokenizer.files.vocabulary")]
    [InlineData("text.tokenizer.files.merges")]
    public void A_missing_member_is_named(string member)
    {
        _folder.Edit(manifest => Parent(manifest, member).Remove(member.Split('.')[^1]));
        Assert.Equal($"model.json: {member} is missing.", _folder.Refusal());
    }

    [Theory]
    [InlineData("name", "3", "is 3; it must be a text.")]
    [InlineData("name", "\"\"", "is an empty text.")]
    [InlineData("vlm", "[1, 2]", "holds a list of 2; it must be an object.")]
    [InlineData("vlm.patch_size", "\"16\"", "is a text; it must be a whole number from 1 to 256.")]
    [InlineData("vlm.patch_size", "0", "is 0; it must be a whole number from 1 to 256.")]
    [InlineData("vlm.patch_size", "16.5", "is 16.5; it must be a whole number from 1 to 256.")]
    [InlineData("vlm.mean", "[0, 0]", "is a list of 2; it must be a list of 3 numbers from -1000 to 1000.")]
    [InlineData("vm.std", "[1, 0, 1]", "is a list of 3; it must be a list of 3 numbers from 0.000001 to 1000.")]
    [InlineData("vm.std", "[1, 1e999, 1]", "is a list of 3; it must be a list of 3 numbers from 0.000001 to 1000.")]
    [InlineData("image.crop", "-1", "is -1; it must be a whole number from 1 to 4096.")]
    [InlineData("image.stride", "257", "is 257; it must be a whole number from 1 to 256.")]
    [InlineData("image.long_side", "363", "is 363; it must be a whole number from 364 to 65536.")]
    [InlineData("text.context_length", "2", "is 2; it must be a whole number from 3 to 4096.")]
    [InlineData("text.templates", "[]", "is a list of 0; it must be a list of one or more texts.")]
    [InlineData("text.templates", "[\"a photo\"]", "has 'a photo'; a template has one {} where the prompt goes.")]
    [InlineData("text.templates", "[\"{} or {}\"]", "has '{} or {}'; a template has one {} where the prompt goes.")]
    [InlineData("text.tokenizer.kind", "\"unigram\"", "is 'unigram'; it may be clip-bpe.")]
    [InlineData("parameters.patch_graph.k", "0", "is 0; it must be a whole number from 1 to 2147483647.")]
    [InlineData("parameters.patch_graph.gamma", "0", "is 0; it must be a number above 0.")]
    [InlineData("parameters.patch_graph.sigma", "-1", "is -1; it must be a number of 0 or more.")]
    [InlineData("parameters.patch_graph.centre", "1", "is 1; it must be true or false.")]
    [InlineData("parameters.pixel_graph.radius", "16", "is 16; it must be a whole number from 1 to 15.")]
    [InlineData("parameters.pixel_graph.tau", "0", "is 0; it must be a number above 0.")]
    [InlineData("parameters.patch_solver.alpha", "1", "is 1; it must be a number of 0 or more and below 1.")]
    [InlineData("parameters.pixel_solver.max_steps", "0", "is 0; it must be a whole number from 1 to 10000.")]
    [InlineData("parameters.pixel_solver.tolerance", "-1", "is -1; it must be a number of 0 or more.")]
    [InlineData(
        "parameters.patch_graph.gama",
        "3",
        "is unknown; the names known there are k, gamma, sigma, distance_power, centre."
    )]
    [InlineData(
        "vlm.patchsize",
        "16",
        "is unknown; the names known there are file, input, output, mean, std, patch_size."
    )]
    [InlineData("vlm.file", "\"other.onnx\"", "is 'other.onnx', which files does not list.")]
    [InlineData("known_words", "\"other.json\"", "is 'other.json', which files does not list.")]
    [InlineData("text.tokenizer.files.vocabulary", "\"other.json\"", "is 'other.json', which files does not list.")]
    [InlineData(
        "vm",
        "{\"file\":\"image.onnx\",\"input\":\"image\",\"output\":\"vm\","
            + "\"mean\":[0,0,0],\"std\":[1,1,2],\"patch_size\":16}",
        "has the input of vlm (image.onnx, image), so mean, std and patch_size must be those of vlm."
    )]
    public void A_wrong_member_is_named_with_what_would_be_right(string member, string value, string sentence)
    {
        _folder.Edit(manifest => Parent(manifest, member)[member.Split('.')[^1]] = JsonNode.Parse(value));
        Assert.Equal($"model.json: {member} {sentence}", _folder.Refusal());
    }

    [Theory]
    [InlineData("path", "\"../image.onnx\"", "is '../image.onnx'; it must stay inside the bundle's folder.")]
    [InlineData("path", "\"/etc/hostname\"", "is '/etc/hostname'; it must stay inside the bundle's folder.")]
    [InlineData("path", "\"a/../../b\"", "is 'a/../../b'; it must stay inside the bundle's folder.")]
    [InlineData("path", "\"..\\\\image.onnx\"", "is '..\\image.onnx'; it must stay inside the bundle's folder.")]
    [InlineData("bytes", "0", "is 0; it must be a whole number above 0.")]
    [InlineData("sha256", "\"abc\"", "is 'abc'; it must be 64 lower-case hexadecimal digits.")]
    [InlineData("md5", "\"abc\"", "is unknown; the names known there are path, bytes, sha256.")]
    public void A_wrong_file_entry_is_named(string member, string value, string sentence)
    {
        _folder.Edit(manifest => manifest["files"]![0]![member] = JsonNode.Parse(value));
        Assert.Equal($"model.json: files[0].{member} {sentence}", _folder.Refusal());
    }

    [Fact]
    public void A_file_that_is_listed_twice_is_refused()
    {
        _folder.Edit(manifest => manifest["files"]!.AsArray().Add(manifest["files"]![0]!.DeepClone()));
        Assert.Equal("model.json: files lists 'image.onnx' twice.", _folder.Refusal());
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        File.Delete(_folder.PathOf("text.onnx"));
        Assert.Equal("text.onnx does not exist, and the manifest lists it.", _folder.Refusal());
    }

    [Fact]
    public void A_cut_file_is_named_with_both_sizes()
    {
        using (var file = File.OpenWrite(_folder.PathOf("text.onnx")))
            file.SetLength(1000);
        Assert.Equal(
            "text.onnx has 1000 bytes, and the manifest says 380098: it is damaged or another file.",
            _folder.Refusal()
        );
    }

    [Fact]
    public void A_changed_file_is_named_with_both_hashes()
    {
        byte[] words = File.ReadAllBytes(_folder.PathOf("words.json"));
        string before = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(words));
        words[10] ^= 1;
        File.WriteAllBytes(_folder.PathOf("words.json"), words);
        string after = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(words));
        Assert.Equal(
            $"words.json has the SHA-256 {after}, and the manifest says {before}: it is damaged or another file.",
            _folder.Refusal()
        );
    }

    [Fact]
    public void A_symbolic_link_is_refused()
    {
        File.Move(_folder.PathOf("words.json"), _folder.PathOf("elsewhere"));
        File.CreateSymbolicLink(_folder.PathOf("words.json"), _folder.PathOf("elsewhere"));
        Assert.Equal("words.json is a symbolic link; a bundle holds its files themselves.", _folder.Refusal());
    }

    [Fact]
    public void A_folder_behind_a_symbolic_link_is_refused()
    {
        Directory.CreateDirectory(_folder.PathOf("real"));
        File.Move(_folder.PathOf("words.json"), _folder.PathOf("real/words.json"));
        Directory.CreateSymbolicLink(_folder.PathOf("linked"), _folder.PathOf("real"));
        _folder.Edit(manifest =>
        {
            manifest["files"]![4]!["path"] = "linked/words.json";
            manifest["known_words"] = "linked/words.json";
        });
        Assert.Equal("linked is a symbolic link; a bundle holds its files themselves.", _folder.Refusal());
    }

    [Fact]
    public void A_file_may_lie_in_a_folder_of_the_bundle()
    {
        Directory.CreateDirectory(_folder.PathOf("data"));
        File.Move(_folder.PathOf("words.json"), _folder.PathOf("data/words.json"));
        _folder.Edit(manifest =>
        {
            manifest["files"]![4]!["path"] = "data/words.json";
            manifest["known_words"] = "data/words.json";
        });
        Assert.True(ModelBundle.Open(_folder.Folder).KnownWords!.Contains("sky"));
    }

    [Fact]
    public void Known_words_that_are_no_list_of_texts_are_refused()
    {
        _folder.Put("words.json", "[\"sky\", 1]"u8.ToArray());
        Assert.Equal("words.json[1] is 1; it must be a text.", _folder.Refusal());
    }

    /// <summary>The object that holds a member given by its path; made where it is not there.</summary>
    private static JsonObject Parent(JsonObject manifest, string member)
    {
        var at = manifest;
        foreach (string name in member.Split('.')[..^1])
        {
            at[name] ??= new JsonObject();
            at = at[name]!.AsObject();
        }
        return at;
    }
}
