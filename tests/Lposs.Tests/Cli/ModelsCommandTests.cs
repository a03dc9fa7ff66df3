using Lposs.Models;
using Lposs.Tests.Imaging;
using Xunit;

namespace Lposs.Tests.Cli;

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
        Assert.All(model.GetProperty("files").EnumerateArray(), file => Assert.True(file.GetProperty("verified").GetBoolean()));
        Assert.Equal(bundle.Vm.Output, model.GetProperty("vm").GetProperty("output").GetString());
        Assert.Equal(bundle.Parameters.PatchGraph.K, model.GetProperty("parameters").GetProperty("patch_graph").GetProperty("k").GetInt32());
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
    public void A_folder_that_is_none_is_refused() =>
        LpossCommand.Run(_folder.Root, "models", "show", "nowhere").AssertRefused(1, "nowhere", "model.json");
}
