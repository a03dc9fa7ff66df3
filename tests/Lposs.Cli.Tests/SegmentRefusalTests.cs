using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Cli.Tests;

/// <summary>What <c>lposs segment</c> refuses: one sentence, the right exit code, nothing written.</summary>
public sealed class SegmentRefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "empty")]
    [InlineData(" , ", "class 1 has an empty name")]
    [InlineData("sky,,road", "class 2 has an empty name")]
    [InlineData("sky, road, Sky", "'Sky' is there twice")]
    [InlineData("sky; road, road", "'road'")]
    [InlineData("nowhere.json", "no class file 'nowhere.json'")]
    public void Classes_that_cannot_be_meant(string classes, string fragment) =>
        Refuse(2, [fragment], LpossCommand.Street, "-c", classes);

    [Fact]
    public void A_class_file_with_a_mistake_is_named_with_the_class()
    {
        File.WriteAllText(_folder.At("bad.json"), """[{"name":"sky","id":1},{"name":"road","id":1}]""");
        Refuse(2, ["bad.json", "'road'", "id 1"], LpossCommand.Street, "-c", "bad.json");
    }

    [Fact]
    public void Classes_and_images_are_needed()
    {
        Refuse(2, ["--classes"], LpossCommand.Street);
        Refuse(2, ["argument 'IMAGE' missing"], "-c", "sky");
    }

    [Fact]
    public void Two_images_of_one_name_would_be_one_file()
    {
        Refuse(2, ["'a/x.png'", "'b/x.jpg'", "segmented/x.png"], "a/x.png", "b/x.jpg", "-c", "sky");
        Refuse(2, ["'a/x.png'", "twice"], "a/x.png", "a/x.png", "-c", "sky");
        Refuse(
            2,
            ["'x_overlay.jpg'", "segmented/x_overlay.png"],
            "x.jpg",
            "x_overlay.jpg",
            "-c",
            "sky",
            "-f",
            "labels,overlay"
        );
    }

    [Fact]
    public void A_result_does_not_replace_an_image_that_is_read()
    {
        File.Copy(LpossCommand.Street, _folder.At("street.png"));
        Refuse(2, ["'street.png'", "--output"], "street.png", "-c", "sky", "-o", ".");
    }

    [Fact]
    public void A_folder_is_no_image_and_a_file_no_folder()
    {
        Refuse(2, ["'.' is a folder"], ".", "-c", "sky");
        File.WriteAllText(_folder.At("file"), "");
        Refuse(1, ["'file'", "not a folder"], LpossCommand.Street, "-c", "sky", "-o", "file");
    }

    [Fact]
    public void A_model_that_is_none() =>
        Refuse(1, ["nowhere", "model.json"], LpossCommand.Street, "-c", "sky", "--model", "nowhere");

    [Fact]
    public void A_gpu_that_does_not_work_is_not_replaced_by_the_processor()
    {
        if (LpossLibrary.Probe(LpossDevice.Cuda).IsAvailable)
            return;
        Refuse(1, ["CUDA"], LpossCommand.Street, "-c", "sky", "--device", "cuda");
    }

    [Theory]
    [InlineData("missing.png", "no such file")]
    [InlineData("empty.png", "empty")]
    [InlineData("text.jpg", "not an image")]
    public void Images_that_cannot_be_read(string name, string fragment)
    {
        File.WriteAllText(_folder.At("empty.png"), "");
        File.WriteAllText(_folder.At("text.jpg"), "some text");
        RefuseQuietly(name, fragment);
    }

    [Fact]
    public void An_image_beyond_the_limit_is_refused_with_the_option_that_raises_it() =>
        RefuseQuietly(LpossCommand.Street, "384 x 288", "--max-pixels", "1000");

    [Fact]
    public void Templates_that_are_none() =>
        Refuse(1, ["templates are 'many'", "imagenet"], LpossCommand.Street, "-c", "sky", "--templates", "many");

    private void RefuseQuietly(string image, string fragment, params string[] options)
    {
        string[] before = _folder.Names();
        LpossCommand
            .Run(_folder.Root, ["segment", image, "-c", "sky", "-q", .. options])
            .AssertRefused(1, image, fragment);
        Assert.Equal(before, _folder.Names());
    }

    private void Refuse(int exitCode, string[] fragments, params string[] arguments)
    {
        string[] before = _folder.Names();
        LpossCommand.Run(_folder.Root, ["segment", .. arguments]).AssertRefused(exitCode, fragments);
        Assert.Equal(before, _folder.Names());
    }
}
