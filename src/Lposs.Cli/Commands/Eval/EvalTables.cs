using System.Globalization;
using Lposs.Cli.Output;
using Lposs.Files;
using Lposs.Tools.Evaluation;

namespace Lposs.Cli.Commands.Eval;

/// <summary>What <c>lposs eval</c> shows and writes.</summary>
internal static class EvalTables
{
    /// <summary>The figures of the whole set.</summary>
    public static ResultTable Summary(EvalDocument result) =>
        new ResultTable(Text($"{result.Images} images, {result.Pixels} pixels"), "", "")
            .Add("mIoU", Ratio(result.Miou))
            .Add("Boundary IoU", Ratio(result.BoundaryIou))
            .Add("pixel accuracy", Ratio(result.PixelAccuracy));

    /// <summary>The figures of several variants, side by side.</summary>
    public static ResultTable Variants(string title, IEnumerable<EvalDocument> results)
    {
        var table = new ResultTable(title, "variant", ">mIoU", ">Boundary IoU", ">pixel accuracy");
        foreach (var result in results)
            table.Add(result.Variant ?? "", Ratio(result.Miou), Ratio(result.BoundaryIou), Ratio(result.PixelAccuracy));
        return table;
    }

    /// <summary>The figures of each class.</summary>
    public static ResultTable Classes(EvalDocument result)
    {
        var table = new ResultTable(
            result.Variant is { } variant ? $"Classes, {variant}" : "Classes",
            ">label",
            "class",
            ">IoU",
            ">Boundary IoU",
            ">accuracy",
            ">pixels"
        );
        foreach (var c in result.Classes)
            table.Add(
                Text($"{c.Label}"),
                c.Name,
                Ratio(c.Iou),
                Ratio(c.BoundaryIou),
                Ratio(c.Accuracy),
                Text($"{c.Pixels}")
            );
        return table;
    }

    /// <summary>Pixels by true class (rows) and predicted class (columns, the last for what is no class).</summary>
    public static void WriteConfusion(string path, ConfusionMatrix confusion, IReadOnlyList<string> names)
    {
        var lines = new List<string> { $"truth,{string.Join(',', names.Select(Quoted))},none" };
        for (int truth = 0; truth < confusion.ClassCount; truth++)
        {
            var counts = Enumerable
                .Range(0, confusion.ClassCount + 1)
                .Select(prediction => Text($"{confusion[truth, prediction]}"));
            lines.Add($"{Quoted(names[truth])},{string.Join(',', counts)}");
        }
        AtomicFile.WriteText(path, string.Join('\n', lines) + "\n");
    }

    private static string Quoted(string text) =>
        text.AsSpan().ContainsAny(',', '"') ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    /// <summary>A share from 0 to 1.</summary>
    public static string Percent(double share) => Text($"{100 * share:0.##} % of the truth");

    private static string Ratio(double? ratio) => ratio is { } value ? Text($"{value:0.0000}") : "-";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
