using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Lposs.Bundles;
using Lposs.Encoders;
using Lposs.Tokenization;

namespace Lposs.Tools.Import;

/// <summary>What model.json says of a bundle that is made; what is not here is the paper's.</summary>
internal sealed record BundleManifest
{
    private static readonly JsonWriterOptions s_readable = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public required string Name { get; init; }

    public required string Description { get; init; }

    public required string Licence { get; init; }

    public required string Origin { get; init; }

    public required ImageEncoderSpec Vlm { get; init; }

    public required ImageEncoderSpec Vm { get; init; }

    public required TextEncoderSpec Text { get; init; }

    /// <summary>The file with what the encoders said; null while it is not made.</summary>
    public string? SelfTest { get; init; }

    public void Write(Stream stream, IReadOnlyList<BundleFile> files)
    {
        using var json = new Utf8JsonWriter(stream, s_readable);
        json.WriteStartObject();
        json.WriteNumber("schema", ModelBundle.SchemaVersion);
        json.WriteString("name", Name);
        json.WriteString("description", Description);
        json.WriteString("licence", Licence);
        json.WriteString("origin", Origin);
        json.WriteStartArray("files");
        foreach (var file in files)
        {
            json.WriteStartObject();
            json.WriteString("path", file.Path);
            json.WriteNumber("bytes", file.Bytes);
            json.WriteString("sha256", file.Sha256);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteImageEncoder(json, "vlm", Vlm);
        WriteImageEncoder(json, "vm", Vm);
        WriteText(json);
        if (SelfTest is not null)
            json.WriteString("self_test", SelfTest);
        json.WriteEndObject();
    }

    private static void WriteImageEncoder(Utf8JsonWriter json, string name, ImageEncoderSpec encoder)
    {
        json.WriteStartObject(name);
        json.WriteString("file", encoder.File);
        json.WriteString("input", encoder.Input);
        json.WriteString("output", encoder.Output);
        WriteNumbers(json, "mean", encoder.Mean);
        WriteNumbers(json, "std", encoder.Std);
        json.WriteNumber("patch_size", encoder.PatchSize);
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, ImmutableArray<float> numbers)
    {
        json.WriteStartArray(name);
        foreach (float number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private void WriteText(Utf8JsonWriter json)
    {
        json.WriteStartObject("text");
        json.WriteString("file", Text.File);
        json.WriteString("input", Text.Input);
        json.WriteString("output", Text.Output);
        json.WriteNumber("context_length", Text.ContextLength);
        json.WriteStartObject("tokenizer");
        json.WriteString("kind", TokenizerSpec.ClipBytePairs);
        json.WriteStartObject("files");
        foreach (var (role, file) in Text.Tokenizer.Files)
            json.WriteString(role, file);
        json.WriteEndObject();
        json.WriteString("start", Text.Tokenizer.Start);
        json.WriteString("end", Text.Tokenizer.End);
        json.WriteEndObject();
        json.WriteStartArray("templates");
        foreach (string template in Text.Templates)
            json.WriteStringValue(template);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
