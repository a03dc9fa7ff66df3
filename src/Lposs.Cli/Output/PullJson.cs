using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lposs.Cli.Output;

/// <summary>The documents about published models; written as those of <see cref="JsonContext"/>.</summary>
[JsonSerializable(typeof(PullDocument))]
[JsonSerializable(typeof(ModelListDocument))]
internal sealed partial class PullJson : JsonSerializerContext
{
    public static PullJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // For a terminal or a pipe, not for a web page.
    });
}
