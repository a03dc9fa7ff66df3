using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lposs.Cli.Output;

/// <summary>
/// The JSON documents that <c>--json</c> prints, one per sub-command: snake_case names, indented, what does not apply
/// left out. Members are only ever added.
/// </summary>
[JsonSerializable(typeof(SegmentDocument))]
[JsonSerializable(typeof(EvalDocument))]
[JsonSerializable(typeof(EvalDatasetDocument))]
[JsonSerializable(typeof(ClassesDocument))]
[JsonSerializable(typeof(DoctorDocument))]
[JsonSerializable(typeof(ModelDocument))]
[JsonSerializable(typeof(ModelCheckDocument))]
[JsonSerializable(typeof(PropagateDocument))]
[JsonSerializable(typeof(RefineDocument))]
internal sealed partial class JsonContext : JsonSerializerContext
{
    public static JsonContext Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // For a terminal or a pipe, not for a web page.
    });
}
