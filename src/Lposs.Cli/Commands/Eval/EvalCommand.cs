using System.CommandLine;
using System.Globalization;
using Lposs.Cli.Options;
using Lposs.Cli.Output;
using Lposs.Imaging;
using Lposs.Tools.Datasets;
using Lposs.Tools.Evaluation;

namespace Lposs.Cli.Commands.Eval;

/// <summary><c>lposs eval</c>: how good label maps are.</summary>
internal static class EvalCommand
{
    public static Command Create(CommandHost host) =>
        new("eval", "Measure label maps against the truth: mIoU and Boundary IoU.")
        {
            new EvalMapsCommand(host),
            new EvalRunCommand(host),
            new EvalOracleCommand(host),
        };
}

/// <summary>What the commands that evaluate a benchmark share: which, where, how much of it, and what comes of
/// it.</summary>
internal sealed class EvalDataset : OptionGroup
{
    private readonly Argument<string> _name = new("DATASET")
    {
        Description = "The benchmark; lposs classes lists them.",
    };
    private readonly Argument<string> _root = new("ROOT")
    {
        Description = "The data set's folder, or the one that it lies in.",
    };
    private readonly Option<int?> _limit = NumberOption.Whole("--limit", "Take the first images only, this many.", 1);

    public override IReadOnlyList<CommandPart> Parts => [_name, _root, _limit];

    public Opened Open(CommandCall call)
    {
        string name = call.Required(_name);
        var classes = ClassesOption.Benchmark(name);
        var layout = DatasetLayout.Find(name)!;
        string root = call.Required(_root);
        return new Opened(layout, root, classes, [.. layout.Open(root).Take(call.Value(_limit) ?? int.MaxValue)]);
    }

    /// <param name="Layout">How it lies in its folder.</param>
    /// <param name="Root">The folder, as the user named it.</param>
    /// <param name="Classes">Its classes.</param>
    /// <param name="Images">Those to evaluate.</param>
    internal sealed record Opened(
        DatasetLayout Layout,
        string Root,
        ClassList Classes,
        IReadOnlyList<DatasetImage> Images
    )
    {
        public int ClassCount => Classes.Classes.Length;

        public Scores NewScores() => new(ClassCount, DatasetLayout.Ignore);

        /// <summary>Each image with its true labels, one after the other.</summary>
        public void ForEach(ImageReadOptions limits, CommandCall call, Action<DatasetImage, Image, LabelMap> action)
        {
            for (int i = 0; i < Images.Count; i++)
            {
                call.CancellationToken.ThrowIfCancellationRequested();
                var entry = Images[i];
                call.Output.Progress($"[{i + 1}/{Images.Count}] {entry.Name}", (double)i / Images.Count);
                var truth = TruthFile.Read(
                    entry.Truth,
                    Layout.ReducesZeroLabel,
                    DatasetLayout.Ignore,
                    ClassCount,
                    limits
                );
                var image = Image.Load(entry.Image, limits);
                foreach (string warning in image.Warnings)
                    call.Output.Warn(warning);
                TruthFile.RequireSize(entry.Truth, truth, entry.Image, image.Width, image.Height);
                action(entry, image, truth);
            }
        }

        public void Show(
            string command,
            CommandOutput output,
            IEnumerable<(string Variant, Scores Scores)> results,
            UsedModelDocument? model = null
        )
        {
            string[] names = [.. Classes.Classes.Select(c => c.Name)];
            EvalDocument[] documents =
            [
                .. results.Select(result => EvalDocument.Of(command, result.Scores, names, result.Variant)),
            ];
            foreach (var document in documents)
                output.Show(EvalTables.Classes(document));
            output.Show(
                EvalTables.Variants(
                    string.Create(CultureInfo.InvariantCulture, $"{Layout.Name}, {Images.Count} images"),
                    documents
                )
            );
            output.Document(
                new EvalDatasetDocument(command, Layout.Name, Root, documents, model),
                JsonContext.Readable.EvalDatasetDocument
            );
        }
    }
}
