using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lposs.Cli.Commands.Batch;
using Lposs.Cli.Commands.Cache;
using Lposs.Cli.Commands.Classes;
using Lposs.Cli.Commands.Doctor;
using Lposs.Cli.Commands.Eval;
using Lposs.Cli.Commands.Models;
using Lposs.Cli.Commands.Segment;

namespace Lposs.Cli.Output;

/// <summary>
/// What <c>--json</c> prints: snake_case names, what does not apply left out. Documents, one per command, are indented;
/// the events of <c>lposs batch</c> stand on a line each. Members are only ever added.
/// </summary>
[JsonSerializable(typeof(BatchStartEvent))]
[JsonSerializable(typeof(BatchImageEvent))]
[JsonSerializable(typeof(BatchErrorEvent))]
[JsonSerializable(typeof(BatchProgressEvent))]
[JsonSerializable(typeof(BatchEndEvent))]
[JsonSerializable(typeof(CacheDocument))]
[JsonSerializable(typeof(ClassesDocument))]
[JsonSerializable(typeof(DoctorDocument))]
[JsonSerializable(typeof(EvalDocument))]
[JsonSerializable(typeof(EvalDatasetDocument))]
[JsonSerializable(typeof(ModelCheckDocument))]
[JsonSerializable(typeof(ModelDocument))]
[JsonSerializable(typeof(ModelListDocument))]
[JsonSerializable(typeof(OneImageDocument))]
[JsonSerializable(typeof(PullDocument))]
[JsonSerializable(typeof(SegmentDocument))]
internal sealed partial class JsonContext : JsonSerializerContext
{
    public static JsonContext Readable { get; } = new(Settings(isIndented: true));

    public static JsonContext Line { get; } = new(Settings(isIndented: false));

    private static JsonSerializerOptions Settings(bool isIndented) =>
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            WriteIndented = isIndented,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // For a terminal or a pipe, not for a web page.
        };
}
