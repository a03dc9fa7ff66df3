using Lposs.Models;

namespace Lposs.Downloads;

/// <summary>How a model's files become a bundle.</summary>
/// <param name="Vlm">What CLIP's last block does: maskclip, sclip, clearclip, nacclip or gem.</param>
/// <param name="Activation">What the weights were trained with: gelu or quick_gelu.</param>
/// <param name="Templates">The prompt templates: one or imagenet (CLIP's 80).</param>
/// <param name="VmFeature">Which feature of DINO's last block the appearance graph compares: q, k or v.</param>
public sealed record ImportSettings(string Vlm, string Activation, string Templates, string VmFeature)
{
    internal static ImportSettings Read(JsonObjectReader reader)
    {
        var settings = new ImportSettings(
            Word(reader, "vlm", "maskclip", "sclip", "clearclip", "nacclip", "gem"),
            Word(reader, "activation", "gelu", "quick_gelu"),
            Word(reader, "templates", "one", "imagenet"),
            Word(reader, "vm_feature", "q", "k", "v"));
        reader.RefuseOthers();
        return settings;
    }

    private static string Word(JsonObjectReader reader, string member, params string[] words)
    {
        string word = reader.Text(member);
        return words.Contains(word) ? word : throw reader.Mistake(member, $"is '{word}'; it must be {string.Join(" or ", words)}.");
    }
}
