using System.CommandLine;
using System.Globalization;
using Lposs.Cli.Files;
using Lposs.Cli.Options;
using Lposs.Cli.Output;
using Lposs.Files;
using Lposs.Imaging;
using Lposs.Tools.Evaluation;

namespace Lposs.Cli.Commands.Eval;

/// <summary><c>lposs eval maps</c>: label maps that are there, whoever made them.</summary>
internal sealed class EvalMapsCommand : ComputingCommand
{
    private readonly Argument<string> _predictions = new("PRED")
    {
        Description = "Folder of the predicted label maps, or one of them.",
    };
    private readonly Argument<string> _truths = new("GT")
    {
        Description = "Folder of the true label maps, or one of them.",
    };

    private readonly Option<string?> _classes = ClassesOption.Create(isRequired: false);

    private readonly Option<int?> _count = NumberOption.Whole(
        "--class-count",
        "How many classes there are, labels from 0, where they have no names.",
        1,
        ushort.MaxValue
    );
    private readonly Option<int?> _ignore = NumberOption.Whole(
        "--ignore",
        "The true label that does not count. [default: 255]",
        0,
        ushort.MaxValue
    );

    private readonly Option<bool> _reduceZero = new("--reduce-zero-label")
    {
        Description =
            "The truth's 0 means \"other\": it does not count, and every other label is one less (as in ADE20K).",
    };

    private readonly Option<string> _predictionEnding = Ending("--pred-suffix", "predictions");
    private readonly Option<string> _truthEnding = Ending("--gt-suffix", "truths");

    private readonly Option<string?> _confusion = FileOption.Create(
        "--confusion",
        "FILE.csv",
        "Write pixels by true and predicted class to this file."
    );

    private readonly Option<int?> _threads = NumberOption.Whole(
        "--threads",
        "Images that are counted at a time. [default: one on each processor]",
        1,
        1024
    );
    private readonly ImageOptions _images = new();

    public EvalMapsCommand(CommandHost host)
        : base(
            host,
            "maps",
            "Measure label maps. mIoU is the mean over classes of intersections over unions, each summed over all "
                + "images; Boundary IoU the same of the pixels within 0.02 of the diagonal of an outline."
        ) =>
        Takes(
            _predictions,
            _truths,
            _classes,
            _count,
            _ignore,
            _reduceZero,
            _predictionEnding,
            _truthEnding,
            _confusion,
            _threads,
            _images
        );

    protected override int Run(CommandCall call)
    {
        var (parse, output, cancellationToken) = call;
        var names = ReadNames(parse);
        int ignore = parse.GetValue(_ignore) ?? byte.MaxValue;
        if (ignore < names.Count)
            throw new UsageException(
                $"--ignore is {ignore}, the label of class '{names[ignore]}'; it must be above all {names.Count} "
                    + "classes"
            );
        var limits = _images.Read(parse);
        bool reducesZero = parse.GetValue(_reduceZero);
        var pairs = LabelPairs.Find(
            parse.GetRequiredValue(_predictions),
            parse.GetRequiredValue(_truths),
            parse.GetRequiredValue(_predictionEnding),
            parse.GetRequiredValue(_truthEnding)
        );
        string? confusion = parse.GetValue(_confusion);
        if (
            confusion is not null
            && new FileGuard(pairs.SelectMany(pair => new[] { pair.Truth, pair.Prediction })).WouldReplace(confusion)
        )
            throw new UsageException($"--confusion is '{confusion}', a file that is read; name another");
        output.Progress($"counting {pairs.Count} images");
        long truePixels = 0;
        var scores = Scores.Of(
            names.Count,
            ignore,
            pairs,
            pair =>
            {
                var maps = Read(pair, reducesZero, ignore, names.Count, limits);
                Interlocked.Add(ref truePixels, maps.Truth.Labels.Length);
                return maps;
            },
            parse.GetValue(_threads) ?? 0,
            cancellationToken
        );

        var result = EvalDocument.Of("eval maps", scores, names);
        if (confusion is not null)
            EvalTables.WriteConfusion(confusion, scores.Confusion, names);
        var truth = new TruthSummary(scores.Confusion, truePixels);
        foreach (string warning in truth.Warnings(names))
            output.Warn(warning);
        output.Show(EvalTables.Classes(result));
        output.Show(EvalTables.Summary(result).Add($"ignored ({ignore})", EvalTables.Percent(truth.IgnoredShare)));
        output.Document(result, JsonContext.Readable.EvalDocument);
        return ExitCode.Done;
    }

    /// <summary>The names of the labels 0, 1, ...</summary>
    private List<string> ReadNames(ParseResult parse)
    {
        if (parse.GetValue(_classes) is { } text == parse.GetValue(_count) is { })
            throw new UsageException("give either --classes or --class-count");
        if (parse.GetValue(_count) is { } count)
            return [.. Enumerable.Range(0, count).Select(label => label.ToString(CultureInfo.InvariantCulture))];
        var classes = ClassesOption.Read(parse.GetValue(_classes)!).Classes.OrderBy(c => c.Id).ToArray();
        for (int label = 0; label < classes.Length; label++)
        {
            if (classes[label].Id != label)
                throw new UsageException(
                    $"class '{classes[label].Name}' has the id {classes[label].Id}; here ids must be 0 to "
                        + $"{classes.Length - 1} without gaps"
                );
        }
        return [.. classes.Select(c => c.Name)];
    }

    private static (LabelMap Truth, LabelMap Prediction) Read(
        LabelPair pair,
        bool reducesZero,
        int ignore,
        int classCount,
        ImageReadOptions limits
    )
    {
        var truth = TruthFile.Read(pair.Truth, reducesZero, ignore, classCount, limits);
        var prediction = ArrayInputs.ReadLabels(pair.Prediction, limits);
        TruthFile.RequireSize(pair.Truth, truth, pair.Prediction, prediction.Width, prediction.Height);
        return (truth, prediction);
    }

    private static Option<string> Ending(string name, string what) =>
        new(name)
        {
            Description =
                $"What the names of {what} end with, after what a pair has in common, such as _labelTrainIds.png.",
            HelpName = "ENDING",
            DefaultValueFactory = _ => ".png",
        };
}
