using Lposs.Bundles;
using Lposs.Encoders;
using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Tests.Bundles;

/// <summary>Lists of prompt templates by name and from files.</summary>
public sealed class PromptTemplatesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ImageNets_are_eighty_and_all_different()
    {
        Assert.Equal(80, PromptTemplates.Parse("imagenet").Distinct().Count());
        Assert.All(PromptTemplates.ImageNet, template => Assert.True(PromptTemplates.IsTemplate(template), template));
        Assert.Contains("itap of a {}.", PromptTemplates.ImageNet);
        Assert.Contains("a photo of a {}.", PromptTemplates.ImageNet);
        Assert.Equal(["a photo of a {}."], PromptTemplates.Parse("one"));
    }

    [Fact]
    public void A_file_has_one_a_line()
    {
        File.WriteAllText(_folder.At("t.txt"), "  a {} \r\n\n{}\n");
        Assert.Equal(["a {}", "{}"], PromptTemplates.Parse(_folder.At("t.txt")));
    }

    [Theory]
    [InlineData("a {}\nno place\n", "line 2, is 'no place'")]
    [InlineData("{} and {}", "line 1")]
    [InlineData("\n", "has 0 templates")]
    public void A_file_that_is_none_is_named(string text, string fragment)
    {
        File.WriteAllText(_folder.At("t.txt"), text);
        string message = Failing
            .With(LpossErrorCode.InvalidBundle, () => PromptTemplates.Parse(_folder.At("t.txt")))
            .Message;
        Assert.Contains(_folder.At("t.txt"), message, StringComparison.Ordinal);
        Assert.Contains(fragment, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bundle_takes_others()
    {
        var bundle = ModelBundle.OpenDefault();
        var other = bundle.WithTemplates(["{} at noon"]);
        Assert.Equal(["{} at noon"], other.Text.Templates);
        Assert.Equal(
            (bundle.Folder, bundle.Parameters, bundle.SelfTestFile),
            (other.Folder, other.Parameters, other.SelfTestFile)
        );
        Assert.Throws<ArgumentException>(() => bundle.WithTemplates(["noon"]));
        Assert.Throws<ArgumentException>(() => bundle.WithTemplates([]));
    }
}
