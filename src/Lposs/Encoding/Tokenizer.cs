using Lposs.Models;

namespace Lposs.Encoding;

/// <summary>Opens the tokenizer of a bundle.</summary>
public static class Tokenizer
{
    /// <summary>The tokenizer that the bundle's manifest names: word pieces or CLIP's byte pairs.</summary>
    /// <exception cref="ModelBundleException">Its files cannot be read or lack a token that the manifest names.</exception>
    public static ITokenizer Open(ModelBundle bundle)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        return bundle.Text.Tokenizer.Kind == TokenizerSpec.ClipBytePairs ? ClipTokenizer.Open(bundle) : WordPieceTokenizer.Open(bundle);
    }
}
