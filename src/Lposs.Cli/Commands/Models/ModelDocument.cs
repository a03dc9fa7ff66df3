using Lposs.Bundles;
using Lposs.Cli.Output;
using Lposs.Encoders;
using Lposs.Tokenization;

namespace Lposs.Cli.Commands.Models;

/// <summary>What <c>lposs models show --json</c> prints, and <c>models import</c> of what it made.</summary>
internal sealed record ModelDocument(
    string Command,
    string Name,
    string Description,
    string Licence,
    string Origin,
    string Folder,
    IReadOnlyList<ModelFileDocument> Files,
    ImageDocument Image,
    EncoderDocument Vlm,
    EncoderDocument Vm,
    TextDocument Text,
    ParametersDocument Parameters,
    IReadOnlyList<string>? KnownWords
)
{
    public static ModelDocument Of(string command, ModelBundle bundle) =>
        new(
            command,
            bundle.Name,
            bundle.Description,
            bundle.Licence,
            bundle.Origin,
            bundle.Folder,
            // A bundle opens only if every file has the size and hash that its manifest names.
            [
                .. bundle.Files.Select(file => new ModelFileDocument(
                    file.Path,
                    file.Bytes,
                    file.Sha256,
                    Verified: true
                )),
            ],
            new ImageDocument(bundle.Image.ShortSide, bundle.Image.LongSide, bundle.Image.Crop, bundle.Image.Stride),
            EncoderDocument.Of(bundle.Vlm),
            EncoderDocument.Of(bundle.Vm),
            new TextDocument(
                bundle.Text.File,
                bundle.Text.Input,
                bundle.Text.Output,
                bundle.Text.ContextLength,
                TokenizerSpec.ClipBytePairs,
                bundle.Text.Templates
            ),
            ParametersDocument.Of(bundle.Parameters),
            bundle.KnownWords?.Words.ToArray()
        );
}

/// <param name="Path">Relative to the bundle's folder.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">64 hexadecimal digits.</param>
/// <param name="Verified">Whether the file has that size and hash.</param>
internal sealed record ModelFileDocument(string Path, long Bytes, string Sha256, bool Verified);

/// <summary>All in pixels.</summary>
internal sealed record ImageDocument(int ShortSide, int LongSide, int Crop, int Stride);

internal sealed record EncoderDocument(
    string File,
    string Input,
    string Output,
    IReadOnlyList<float> Mean,
    IReadOnlyList<float> Std,
    int PatchSize
)
{
    public static EncoderDocument Of(ImageEncoderSpec encoder) =>
        new(encoder.File, encoder.Input, encoder.Output, [.. encoder.Mean], [.. encoder.Std], encoder.PatchSize);
}

internal sealed record TextDocument(
    string File,
    string Input,
    string Output,
    int ContextLength,
    string Tokenizer,
    IReadOnlyList<string> Templates
);
