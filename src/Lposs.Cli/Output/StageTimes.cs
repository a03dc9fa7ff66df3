using System.Diagnostics;
using System.Globalization;
using Lposs.Encoders;

namespace Lposs.Cli.Output;

/// <summary>Milliseconds of each stage of a run, in order.</summary>
internal sealed class StageTimes
{
    private readonly Stopwatch _total = Stopwatch.StartNew();
    private readonly Dictionary<string, double> _milliseconds = [];

    /// <summary>Does something and counts its time as that of a stage.</summary>
    public T Measure<T>(string stage, Func<T> work)
    {
        long start = Stopwatch.GetTimestamp();
        T result = work();
        Add(stage, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        return result;
    }

    /// <summary>Does something and counts its time as that of a stage.</summary>
    public void Measure(string stage, Action work) =>
        Measure(
            stage,
            () =>
            {
                work();
                return 0;
            }
        );

    public void Add(string stage, double milliseconds) =>
        _milliseconds[stage] = _milliseconds.GetValueOrDefault(stage) + milliseconds;

    /// <summary>Adds the stages of a segmenter.</summary>
    public void Add(SegmentationTimes segmenter)
    {
        Add("text_encoder", segmenter.TextEncoder);
        Add("resize", segmenter.Image.Resize);
        Add("cut_windows", segmenter.Image.CutWindows);
        Add("image_encoders", segmenter.Image.ImageEncoders);
        Add(segmenter.Core);
    }

    /// <summary>Adds the core's own stages, those that the mode has.</summary>
    public void Add(CoreTimes core)
    {
        (string Stage, double Milliseconds)[] stages =
        [
            ("similarity", core.Similarity),
            ("patch_graph", core.PatchGraph),
            ("patch_solve", core.PatchSolve),
            ("stitch", core.Stitch),
            ("pixel_graph", core.PixelGraph),
            ("pixel_solve", core.PixelSolve),
            ("label", core.Label),
        ];
        foreach (var (stage, milliseconds) in stages)
        {
            if (milliseconds > 0)
                Add(stage, milliseconds);
        }
    }

    /// <summary>By stage, "total" last: from the beginning until now.</summary>
    public IReadOnlyDictionary<string, double> Finish()
    {
        var rounded = _milliseconds.ToDictionary(stage => stage.Key, stage => Round(stage.Value));
        rounded["total"] = Round(_total.Elapsed.TotalMilliseconds);
        return rounded;
    }

    public static ResultTable Table(string title, IReadOnlyDictionary<string, double> milliseconds)
    {
        var table = new ResultTable(title, "stage", ">ms");
        foreach (var (stage, time) in milliseconds)
            table.Add(stage.Replace('_', ' '), time.ToString("0.0", CultureInfo.InvariantCulture));
        return table;
    }

    private static double Round(double milliseconds) => Math.Round(milliseconds, 3);
}
