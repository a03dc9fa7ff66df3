using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lposs.Cli.Output;

/// <summary>The events of <c>lposs batch --json</c>: as the other commands' documents, but each on one line.</summary>
[JsonSerializable(typeof(BatchStartEvent))]
[JsonSerializable(typeof(BatchPictureEvent))]
[JsonSerializable(typeof(BatchErrorEvent))]
[JsonSerializable(typeof(BatchProgressEvent))]
[JsonSerializable(typeof(BatchEndEvent))]
internal sealed partial class BatchJson : JsonSerializerContext
{
    public static BatchJson Line { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // For a terminal or a pipe, not for a web page.
    });
}
