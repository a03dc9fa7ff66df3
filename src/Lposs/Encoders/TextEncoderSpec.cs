using Lposs.Json;
using Lposs.Tokenization;

namespace Lposs.Encoders;

/// <summary>
/// The text encoder of a bundle: an ONNX file that takes token ids [B, context length] int64 and gives embeddings
/// [B, D] float32 in the space of the vision-language features.
/// </summary>
/// <param name="File">The ONNX file, relative to the bundle's folder.</param>
/// <param name="Input">The name of its input.</param>
/// <param name="Output">The name of its output.</param>
/// <param name="ContextLength">Tokens of a prompt, start and end included; shorter prompts are padded.</param>
/// <param name="Tokenizer">What turns a prompt into token ids.</param>
/// <param name="Templates">Prompt templates, each with one "{}" where the prompt goes.</param>
internal sealed record TextEncoderSpec(
    string File,
    string Input,
    string Output,
    int ContextLength,
    TokenizerSpec Tokenizer,
    IReadOnlyList<string> Templates
)
{
    internal static TextEncoderSpec Read(JsonObjectReader reader)
    {
        var encoder = new TextEncoderSpec(
            reader.Text("file"),
            reader.Text("input"),
            reader.Text("output"),
            reader.Integer("context_length", 3, 4096),
            TokenizerSpec.Read(reader.Object("tokenizer")),
            reader.Texts("templates")
        );
        reader.RejectUnknown();
        foreach (string template in encoder.Templates)
        {
            if (!PromptTemplates.IsTemplate(template))
                throw reader.Error("templates", $"has '{template}'; a template has one {{}} where the prompt goes.");
        }
        return encoder;
    }
}
