using System.Security.Cryptography;
using Lposs.Json;

namespace Lposs.Tools.Downloads;

/// <summary>A published file: where it is, what is known of it, and under which licence.</summary>
/// <param name="Name">The name it gets on this machine; never the server's choice.</param>
/// <param name="Address">HTTPS.</param>
/// <param name="Bytes">Its size; null where the registry does not know it.</param>
/// <param name="Sha256">Its SHA-256, lower-case hexadecimal digits; null where the registry does not know it.</param>
/// <param name="Licence">The licence's name.</param>
/// <param name="LicenceAddress">Where the licence, or the page that names it, can be read.</param>
/// <param name="Origin">Who published it.</param>
/// <param name="Note">What nobody has verified, or null.</param>
public sealed record RegistryFile(
    string Name,
    Uri Address,
    long? Bytes,
    string? Sha256,
    string Licence,
    Uri LicenceAddress,
    string Origin,
    string? Note
)
{
    /// <summary>What it is for.</summary>
    internal FileRole Role { get; init; }

    private const int HashDigits = 2 * SHA256.HashSizeInBytes;
    private const int LongestName = 120;

    /// <summary>The registry's words for the roles.</summary>
    internal static readonly IReadOnlyDictionary<string, FileRole> Roles = new Dictionary<string, FileRole>
    {
        ["clip_weights"] = FileRole.ClipWeights,
        ["clip_configuration"] = FileRole.ClipConfiguration,
        ["dino_weights"] = FileRole.DinoWeights,
        ["tokenizer_vocabulary"] = FileRole.TokenizerVocabulary,
    };

    internal static RegistryFile Read(JsonObjectReader reader)
    {
        string name = reader.Text("name");
        if (!IsPlainName(name))
            throw reader.Error(
                "name",
                $"is '{name}'; it must be letters, digits, '.', '_' and '-', begin with a letter or digit, and be at "
                    + $"most {LongestName} long."
            );
        string role = reader.Text("role");
        if (!Roles.TryGetValue(role, out var meaning))
            throw reader.Error("role", $"is '{role}'; it must be {string.Join(" or ", Roles.Keys)}.");
        string? hash = reader.OptionalText("sha256");
        if (hash is not null && !IsHash(hash))
            throw reader.Error("sha256", $"is '{hash}'; it must be {HashDigits} lower-case hexadecimal digits.");
        var file = new RegistryFile(
            name,
            ReadAddress(reader, "address"),
            reader.OptionalSize("bytes"),
            hash,
            reader.Text("licence"),
            ReadAddress(reader, "licence_address"),
            reader.Text("origin"),
            reader.OptionalText("note")
        )
        {
            Role = meaning,
        };
        reader.RejectUnknown();
        return file;
    }

    /// <summary>Whether a text is a SHA-256 as this project writes it.</summary>
    internal static bool IsHash(string text) => text.Length == HashDigits && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Whether a name can be a file's or folder's and nothing else.</summary>
    internal static bool IsPlainName(string name) =>
        name.Length is > 0 and <= LongestName
        && char.IsAsciiLetterOrDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private static Uri ReadAddress(JsonObjectReader reader, string member)
    {
        string text = reader.Text(member);
        return
            Uri.TryCreate(text, UriKind.Absolute, out var address)
            && address.Scheme == Uri.UriSchemeHttps
            && address.UserInfo.Length == 0
            ? address
            : throw reader.Error(member, $"is '{text}'; it must be an https:// address without a user name.");
    }
}

/// <summary>What a file of a published model is for.</summary>
internal enum FileRole
{
    /// <summary>CLIP, both encoders, in safetensors.</summary>
    ClipWeights,

    /// <summary>CLIP's own configuration; it says which activation the weights were trained with.</summary>
    ClipConfiguration,

    /// <summary>DINO or DINOv2, in safetensors.</summary>
    DinoWeights,

    /// <summary>CLIP's byte-pair vocabulary.</summary>
    TokenizerVocabulary,
}
