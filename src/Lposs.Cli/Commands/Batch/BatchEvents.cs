using System.Text.Json.Serialization;
using Lposs.Tools.Batch;

namespace Lposs.Cli.Commands.Batch;

// What `lposs batch --json` prints: one JSON object a line, told apart by "event".

/// <param name="Inputs">Images that belong to the run.</param>
/// <param name="DoneBefore">Those of them that are done.</param>
/// <param name="Notes">What there is to know of the results that are there, in sentences.</param>
/// <param name="Event">"start".</param>
internal sealed record BatchStartEvent(
    long Inputs,
    long DoneBefore,
    IReadOnlyList<string> Notes,
    [property: JsonPropertyOrder(-1)] string Event = "start"
);

/// <param name="Name">The image that is done.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Milliseconds">The sum of its stages' times.</param>
/// <param name="Warnings">Sentences on this image.</param>
/// <param name="Event">"image".</param>
internal sealed record BatchImageEvent(
    string Name,
    int Width,
    int Height,
    double Milliseconds,
    IReadOnlyList<string> Warnings,
    [property: JsonPropertyOrder(-1)] string Event = "image"
);

/// <param name="Name">The image that failed.</param>
/// <param name="Stage">decode, encode, core or write.</param>
/// <param name="Reason">One sentence.</param>
/// <param name="Event">"error".</param>
internal sealed record BatchErrorEvent(
    string Name,
    string Stage,
    string Reason,
    [property: JsonPropertyOrder(-1)] string Event = "error"
);

/// <param name="Finished">Images done or failed, those done before among them.</param>
/// <param name="Inputs">Images that belong to the run.</param>
/// <param name="ImagesPerSecond">Of this run.</param>
/// <param name="SecondsLeft">At that rate; left out at the beginning.</param>
/// <param name="StageShares">Share of the time that each stage's workers were at work, 0 to 1.</param>
/// <param name="Event">"progress".</param>
internal sealed record BatchProgressEvent(
    long Finished,
    long Inputs,
    double ImagesPerSecond,
    double? SecondsLeft,
    IReadOnlyDictionary<string, double> StageShares,
    [property: JsonPropertyOrder(-1)] string Event = "progress"
);

/// <param name="Report">The report, as in run.json.</param>
/// <param name="Event">"end".</param>
internal sealed record BatchEndEvent(BatchReport Report, [property: JsonPropertyOrder(-1)] string Event = "end");
