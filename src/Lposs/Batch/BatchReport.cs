using System.Text.Json.Serialization;

namespace Lposs.Batch;

/// <summary>What a stage did.</summary>
/// <param name="Name">decode, encode, core or write.</param>
/// <param name="Workers">Pictures that it works on at a time.</param>
/// <param name="Pictures">How many it worked on, failed ones among them.</param>
/// <param name="BusySeconds">The sum of its workers' times at work.</param>
public sealed record StageReport(string Name, int Workers, long Pictures, double BusySeconds)
{
    /// <summary>Pictures per second if its workers had been at work all the time; 0 where it did nothing.</summary>
    public double PicturesPerSecondAlone => BusySeconds > 0 ? Pictures * Workers / BusySeconds : 0;
}

/// <summary>A run over a collection, or over a part of it.</summary>
public sealed record BatchReport
{
    /// <summary>The version of this format.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>Versions by name: lposs, onnxruntime, libvips, dotnet.</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    /// <summary>What the results depend on, by name.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>Where was computed: core, encoders, reason.</summary>
    public required string Device { get; init; }

    /// <summary>The core's code, such as "cpu avx512".</summary>
    public required string Backend { get; init; }

    /// <summary>Pictures of the collection that belong to the run.</summary>
    public required long Inputs { get; init; }

    /// <summary>Those that were done before.</summary>
    public required long DoneBefore { get; init; }

    /// <summary>Those done by this run.</summary>
    public required long Done { get; init; }

    /// <summary>Those that failed in this run.</summary>
    public required long Failed { get; init; }

    /// <summary>Whether every picture was tried.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>Wall time from the first picture to the last.</summary>
    public required double Seconds { get; init; }

    /// <summary>Pictures per second.</summary>
    public double PicturesPerSecond => Seconds > 0 ? (Done + Failed) / Seconds : 0;

    /// <summary>What the stages did.</summary>
    public required IReadOnlyList<StageReport> Stages { get; init; }

    /// <summary>The stage that all others wait for.</summary>
    public string? SlowestStage => Slowest?.Name;

    /// <summary>The rate as a share of what the slowest stage alone could do.</summary>
    public double? ShareOfSlowestStage => Slowest is { PicturesPerSecondAlone: > 0 } slowest ? PicturesPerSecond / slowest.PicturesPerSecondAlone : null;

    /// <summary>Bytes that pictures under way could take together.</summary>
    public required long MemoryBudget { get; init; }

    /// <summary>The most that they were reckoned to take.</summary>
    public required long MemoryBudgetPeak { get; init; }

    /// <summary>The most memory that the process had, in bytes.</summary>
    public required long PeakMemory { get; init; }

    /// <summary>Sentences that a user should read, each once.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    [JsonIgnore]
    private StageReport? Slowest => Stages.Where(stage => stage.BusySeconds > 0).MinBy(stage => stage.PicturesPerSecondAlone);
}

/// <summary>A picture that failed.</summary>
/// <param name="Name">Its name in the collection.</param>
/// <param name="Stage">decode, encode, core or write.</param>
/// <param name="Reason">One sentence.</param>
public sealed record BatchError(string Name, string Stage, string Reason);

/// <summary>A picture that is done.</summary>
/// <param name="Name">Its name in the collection.</param>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Milliseconds">The sum of its stages' times.</param>
public sealed record BatchPicture(string Name, int Width, int Height, double Milliseconds);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(BatchReport))]
internal sealed partial class BatchReportJson : JsonSerializerContext;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(BatchError))]
internal sealed partial class BatchErrorJson : JsonSerializerContext;
