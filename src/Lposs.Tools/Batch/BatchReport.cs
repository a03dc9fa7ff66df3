using System.Text.Json.Serialization;

namespace Lposs.Tools.Batch;

/// <summary>What a stage did.</summary>
/// <param name="Name">decode, encode, core or write.</param>
/// <param name="Workers">Images that it works on at a time.</param>
/// <param name="Images">How many it worked on, failed ones among them.</param>
/// <param name="BusySeconds">The sum of its workers' times at work.</param>
public sealed record StageReport(string Name, int Workers, long Images, double BusySeconds)
{
    /// <summary>Images per second if its workers had been at work all the time; 0 where it did nothing.</summary>
    public double ImagesPerSecondAlone => BusySeconds > 0 ? Images * Workers / BusySeconds : 0;
}

/// <summary>A batch over a collection, or over a part of it.</summary>
public sealed record BatchReport
{
    /// <summary>The version of this format.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>Versions by name: lposs, onnxruntime, libvips, dotnet.</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    /// <summary>What the results depend on, by name.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>The processor or card that computed.</summary>
    public required string Device { get; init; }

    /// <summary>Why it did.</summary>
    public string DeviceReason { get; init; } = "";

    /// <summary>The core's code, such as "cpu avx512".</summary>
    public required string Backend { get; init; }

    /// <summary>Images of the collection that belong to the batch.</summary>
    public required long Inputs { get; init; }

    /// <summary>Those that were done before.</summary>
    public required long DoneBefore { get; init; }

    /// <summary>Those done by this batch.</summary>
    public required long Done { get; init; }

    /// <summary>Those that failed in this batch.</summary>
    public required long Failed { get; init; }

    /// <summary>Whether every image was tried.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>Wall time from the first image to the last.</summary>
    public required double Seconds { get; init; }

    /// <summary>Images per second.</summary>
    public double ImagesPerSecond => Seconds > 0 ? (Done + Failed) / Seconds : 0;

    /// <summary>What the stages did.</summary>
    public required IReadOnlyList<StageReport> Stages { get; init; }

    /// <summary>The stage that all others wait for.</summary>
    public string? SlowestStage => Slowest?.Name;

    /// <summary>The rate as a share of what the slowest stage alone could do.</summary>
    public double? ShareOfSlowestStage =>
        Slowest is { ImagesPerSecondAlone: > 0 } slowest ? ImagesPerSecond / slowest.ImagesPerSecondAlone : null;

    /// <summary>Bytes that images under way could take together.</summary>
    public required long MemoryBudget { get; init; }

    /// <summary>The most that they were reckoned to take.</summary>
    public required long MemoryBudgetPeak { get; init; }

    /// <summary>The most memory that the process had, in bytes.</summary>
    public required long PeakMemory { get; init; }

    /// <summary>Files that were found among the images and left out, by their kind.</summary>
    public IReadOnlyList<LeftOutFiles> LeftOut { get; init; } = [];

    /// <summary>Sentences that a user should read, each once.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Sentences on single images that were done now, a hundred at most.</summary>
    public IReadOnlyList<string> ImageWarnings
    {
        get;
        // A report that was read and says nothing of them has none.
        init => field = value ?? [];
    } = [];

    [JsonIgnore]
    private StageReport? Slowest =>
        Stages.Where(stage => stage.BusySeconds > 0).MinBy(stage => stage.ImagesPerSecondAlone);
}

/// <summary>An image that failed.</summary>
/// <param name="Name">Its name in the collection, or the path of what could not be looked into.</param>
/// <param name="Stage">find, name, decode, encode, core or write.</param>
/// <param name="Reason">One sentence.</param>
public sealed record BatchError(string Name, string Stage, string Reason);

/// <summary>An image that is done.</summary>
/// <param name="Name">Its name in the collection.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Milliseconds">The sum of its stages' times.</param>
public sealed record BatchImage(string Name, int Width, int Height, double Milliseconds)
{
    /// <summary>Sentences that a user should read, such as that it is damaged and what could be read of it.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>A step of a batch: its begin, an image that is done, or one that failed.</summary>
/// <param name="Inputs">Images that belong to the batch.</param>
/// <param name="DoneBefore">Those of them that were done before.</param>
/// <param name="Image">The image that is done, its results in their places; null at the begin and for a
/// failure.</param>
/// <param name="Error">The image that failed; null else.</param>
/// <param name="Stages">What the stages did until now.</param>
public sealed record BatchProgress(
    long Inputs,
    long DoneBefore,
    BatchImage? Image,
    BatchError? Error,
    IReadOnlyList<StageReport> Stages
)
{
    /// <summary>At the begin: what a user should know of the results that are there, in sentences.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(BatchReport))]
internal sealed partial class BatchReportJson : JsonSerializerContext;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(BatchError))]
internal sealed partial class BatchErrorJson : JsonSerializerContext;
