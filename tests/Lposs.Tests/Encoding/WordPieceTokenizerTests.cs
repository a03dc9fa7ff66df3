using Lposs.Encoding;
using Lposs.Models;
using Lposs.Tests.Models;
using Xunit;

namespace Lposs.Tests.Encoding;

/// <summary>The ids were made by the tokenizer that the bundled encoders were trained with, a program of its own.</summary>
public sealed class WordPieceTokenizerTests
{
    private static readonly ITokenizer s_mini = Tokenizer.Open(ModelBundle.OpenDefault());

    [Theory]
    [InlineData("sky", new long[] { 1, 221, 2 })]
    [InlineData("a photo of a car", new long[] { 1, 6, 177, 157, 6, 48, 2 })]
    [InlineData("A Photo of a CAR.", new long[] { 1, 6, 177, 157, 6, 48, 5, 2 })]
    [InlineData("", new long[] { 1, 2 })]
    [InlineData("   ", new long[] { 1, 2 })]
    [InlineData("houses", new long[] { 1, 123, 2 })]
    [InlineData("bicyclists", new long[] { 1, 23, 337, 2 })]
    [InlineData("zebra", new long[] { 1, 308, 323, 320, 336, 319, 2 })]
    [InlineData("laptop", new long[] { 1, 294, 319, 334, 338, 333, 334, 2 })]
    [InlineData("snowman", new long[] { 1, 225, 363, 2 })]
    [InlineData("skyscraper", new long[] { 1, 221, 337, 321, 336, 319, 334, 358, 2 })]
    [InlineData("firewall", new long[] { 1, 288, 327, 336, 323, 341, 319, 330, 330, 2 })]
    [InlineData("ROADWORKS", new long[] { 1, 199, 372, 337, 2 })]
    [InlineData("road-side, caf\u00e9!", new long[] { 1, 199, 4, 301, 327, 322, 323, 3, 285, 319, 324, 3, 3, 2 })]
    [InlineData("x1y22", new long[] { 1, 306, 346, 343, 347, 347, 2 })]
    [InlineData("traffic  light\t\n", new long[] { 1, 260, 139, 2 })]
    [InlineData("\u00fcber stra\u00dfe", new long[] { 1, 3, 284, 358, 301, 338, 336, 319, 3, 287, 2 })]
    [InlineData("\u65e5\u672c tree", new long[] { 1, 3, 3, 263, 2 })]
    [InlineData("\U0001f332 tree \U0001f332", new long[] { 1, 3, 263, 3, 2 })]
    [InlineData("\u0130stanbul", new long[] { 1, 291, 3, 301, 338, 319, 332, 320, 339, 330, 2 })]
    [InlineData("\u212a2", new long[] { 1, 293, 347, 2 })]
    [InlineData("a\u001cb\u001fc", new long[] { 1, 6, 284, 285, 2 })]
    [InlineData("a\u00a0b\u2003c\u3000d", new long[] { 1, 6, 284, 285, 286, 2 })]
    [InlineData("the sky\u200bline", new long[] { 1, 250, 221, 3, 294, 327, 332, 323, 2 })]
    [InlineData("<pad> <start>", new long[] { 1, 3, 298, 319, 322, 3, 3, 232, 338, 3, 2 })]
    [InlineData("##s", new long[] { 1, 3, 3, 301, 2 })]
    [InlineData("...", new long[] { 1, 5, 5, 5, 2 })]
    public void Ids_are_those_of_the_training_tokenizer(string text, long[] ids) => Assert.Equal(ids, s_mini.Encode(text));

    [Fact]
    public void A_character_that_begins_no_piece_is_unknown_and_the_rest_goes_on()
    {
        var tokenizer = new WordPieceTokenizer(["<s>", "</s>", "<p>", "<u>", "ab", "##c"], "<s>", "</s>", "<p>", "<u>");
        Assert.Equal([0, 4, 5, 3, 5, 1], tokenizer.Encode("abcxc"));
        Assert.Equal([0, 3, 3, 5, 1], tokenizer.Encode("bbc"));
        Assert.Equal(2, tokenizer.PadId);
    }

    [Theory]
    [InlineData("[\"<pad>\", \"<start>\", \"<end>\", \"<unk>\", \"sky\", \"sky\"]", "vocabulary.json: the vocabulary has 'sky' twice.")]
    [InlineData("[\"<pad>\", \"<start>\", \"<end>\", \"sky\"]", "vocabulary.json: the vocabulary has no '<unk>'.")]
    [InlineData("{}", "vocabulary.json is an object; it must be a list of one or more texts.")]
    [InlineData("[\"<pad>\", 7]", "vocabulary.json[1] is 7; it must be a text.")]
    public void A_wrong_vocabulary_is_refused(string vocabulary, string sentence)
    {
        using var folder = new BundleFolder();
        folder.Put("vocabulary.json", System.Text.Encoding.UTF8.GetBytes(vocabulary));
        var bundle = ModelBundle.Open(folder.Folder);
        var refusal = Assert.Throws<ModelBundleException>(() => Tokenizer.Open(bundle));
        Assert.Equal(folder.PathOf(sentence), refusal.Message);
    }
}
