using System.CommandLine;
using System.Globalization;
using Lposs.Cli.Files;
using Lposs.Cli.Options;
using Lposs.Cli.Output;
using Lposs.Datasets;
using Lposs.Encoding;
using Lposs.Evaluation;
using Lposs.Imaging;

namespace Lposs.Cli.Commands;

/// <summary>What the commands that evaluate a benchmark share: which, where, how much of it, and what comes of it.</summary>
internal sealed class EvalDataset
{
    private readonly Argument<string> _name = new("DATASET") { Description = "The benchmark; lposs classes lists them." };
    private readonly Argument<string> _root = new("ROOT") { Description = "The data set's folder, or the one that it lies in." };
    private readonly Option<int?> _limit = NumberOption.Whole("--limit", "Take the first pictures only, this many.", 1);

    public void AddTo(Command command)
    {
        command.Add(_name);
        command.Add(_root);
        command.Add(_limit);
    }

    public Opened Open(ParseResult parse)
    {
        string name = parse.GetRequiredValue(_name);
        if (DatasetLayout.Find(name) is not { } layout)
            throw new UsageException($"there is no benchmark '{name}'; there are {string.Join(", ", ClassSets.Names)}");
        string root = parse.GetRequiredValue(_root);
        var pictures = layout.Open(root);
        return new Opened(layout, root, ClassSets.Find(layout.Name)!, [.. pictures.Take(parse.GetValue(_limit) ?? int.MaxValue)]);
    }

    /// <param name="Layout">How it lies in its folder.</param>
    /// <param name="Root">The folder, as the user named it.</param>
    /// <param name="Classes">Its classes.</param>
    /// <param name="Pictures">Those to evaluate.</param>
    internal sealed record Opened(DatasetLayout Layout, string Root, ClassList Classes, IReadOnlyList<DatasetPicture> Pictures)
    {
        public int ClassCount => Classes.Classes.Length;

        public Scores NewScores() => new(ClassCount, DatasetLayout.Ignore);

        /// <summary>Each picture with its true labels, one after the other.</summary>
        public void ForEach(
            ImageReadOptions limits, CommandOutput output, Action<DatasetPicture, RgbImage, LabelMap> action, CancellationToken cancellation)
        {
            for (int i = 0; i < Pictures.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                var picture = Pictures[i];
                output.Progress($"[{i + 1}/{Pictures.Count}] {picture.Name}");
                var truth = TruthFile.Read(picture.Truth, Layout.ReducesZeroLabel, DatasetLayout.Ignore, ClassCount, limits);
                var image = ImageFile.Read(picture.Image, limits);
                TruthFile.RequireSize(picture.Truth, truth, picture.Image, image.Width, image.Height);
                action(picture, image, truth);
            }
        }

        public void Show(
            string command, CommandOutput output, IEnumerable<(string Variant, Scores Scores)> results, UsedModelDocument? model = null)
        {
            string[] names = [.. Classes.Classes.Select(c => c.Name)];
            EvalDocument[] documents = [.. results.Select(result => EvalDocument.Of(command, result.Scores, names, result.Variant))];
            foreach (var document in documents)
                output.Show(EvalTables.Classes(document));
            output.Show(EvalTables.Variants(string.Create(CultureInfo.InvariantCulture, $"{Layout.Name}, {Pictures.Count} pictures"), documents));
            output.Document(new EvalDatasetDocument(command, Layout.Name, Root, documents, model), JsonContext.Readable.EvalDatasetDocument);
        }
    }
}
