using System.Text.Json.Nodes;
using Lposs.Bundles;
using Lposs.Tests.Support;
using Lposs.Tools.Import;
using Xunit;

namespace Lposs.Cli.Tests;

public sealed class ModelsCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Shows_what_the_manifest_says_and_that_the_files_were_verified()
    {
        var bundle = ModelBundle.OpenDefault();
        var model = LpossCommand.Run(_folder.Root, "models", "show", bundle.Folder, "--json").AssertDone().Json;

        Assert.Equal(bundle.Name, model.GetProperty("name").GetString());
        Assert.Equal(bundle.Licence, model.GetProperty("licence").GetString());
        Assert.Equal(bundle.Files.Count, model.GetProperty("files").GetArrayLength());
        Assert.All(
            model.GetProperty("files").EnumerateArray(),
            file => Assert.True(file.GetProperty("verified").GetBoolean())
        );
        Assert.Equal(bundle.Vm.Output, model.GetProperty("vm").GetProperty("output").GetString());
        Assert.Equal(
            bundle.Parameters.PatchGraph.K,
            model.GetProperty("parameters").GetProperty("patch_graph").GetProperty("k").GetInt32()
        );
        Assert.Equal(bundle.KnownWords!.Words.Length, model.GetProperty("known_words").GetArrayLength());
    }

    [Fact]
    public void For_people_it_prints_the_same_as_plain_lines()
    {
        string output = LpossCommand.Run(_folder.Root, "models", "show").AssertDone().Output;
        foreach (var file in ModelBundle.OpenDefault().Files)
            Assert.Contains(file.Sha256, output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
    }

    [Fact]
    public void A_damaged_file_is_named()
    {
        foreach (string file in Directory.GetFiles(ModelBundle.DefaultFolder))
            File.Copy(file, _folder.At(Path.GetFileName(file)));
        using (var words = File.OpenWrite(_folder.At("words.json")))
            words.WriteByte((byte)' ');
        LpossCommand.Run(_folder.Root, "models", "show", ".").AssertRefused(1, "words.json", "SHA-256");
    }

    [Fact]
    public void Check_holds_for_the_bundled_model_and_says_so_encoder_by_encoder()
    {
        var check = LpossCommand.Run(_folder.Root, "models", "check", "--json").AssertDone().Json;
        Assert.True(check.GetProperty("holds").GetBoolean());
        Assert.Equal(
            ["vlm", "vm", "text"],
            check.GetProperty("outputs").EnumerateArray().Select(output => output.GetProperty("encoder").GetString()!)
        );
        Assert.All(
            check.GetProperty("outputs").EnumerateArray(),
            output => Assert.InRange(output.GetProperty("relative_l2").GetDouble(), 0, 1e-3)
        );
    }

    [Fact]
    public void Check_names_the_encoder_that_gives_other_numbers()
    {
        using var bundle = new TestBundle();
        bundle.Edit(manifest => manifest["text"]!["templates"] = new JsonArray("no {} here"));
        var run = LpossCommand.Run(_folder.Root, "models", "check", bundle.Folder, "-q");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("text gives other numbers than where the bundle was made", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_records_for_a_bundle_that_was_made_by_hand_once()
    {
        using var bundle = new TestBundle();
        bundle.Edit(manifest =>
        {
            manifest.Remove("self_test");
            var files = manifest["files"]!.AsArray();
            files.Remove(files.Single(file => (string?)file!["path"] == SelfTest.FileName));
        });
        File.Delete(bundle.PathOf(SelfTest.FileName));
        LpossCommand
            .Run(_folder.Root, "models", "check", bundle.Folder)
            .AssertRefused(1, "has no self-test", "--record");
        LpossCommand.Run(_folder.Root, "models", "check", bundle.Folder, "--record").AssertDone();
        LpossCommand.Run(_folder.Root, "models", "check", bundle.Folder).AssertDone();
        LpossCommand
            .Run(_folder.Root, "models", "check", bundle.Folder, "--record")
            .AssertRefused(1, "has a self-test", "not replaced");
    }

    [Fact]
    public void A_folder_that_is_none_is_refused() =>
        LpossCommand.Run(_folder.Root, "models", "show", "nowhere").AssertRefused(1, "nowhere", "model.json");
}
