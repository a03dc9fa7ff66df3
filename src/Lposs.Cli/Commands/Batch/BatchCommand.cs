using System.CommandLine;
using Lposs.Cli.Options;
using Lposs.Cli.Output;
using Lposs.Tools.Batch;
using Lposs.Tools.Formats;

namespace Lposs.Cli.Commands.Batch;

/// <summary><c>lposs batch</c>: a whole collection; a killed run resumes where it stopped.</summary>
internal sealed class BatchCommand : CliCommand
{
    private readonly Argument<string[]> _inputs = new("INPUT")
    {
        Description =
            "Folders, whose images are found by their endings, sub-folders among them; images; patterns with *, ? and "
            + "** (in quotes, for lposs to expand); lists, @FILE with a path on each line; tars, such as "
            + "\"shard-{000..012}.tar\".",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _classes = ClassesOption.Create(isRequired: true);

    private readonly ResultOptions _results = ResultOptions.RequiredFolder(
        "Folder for the results, in the folders of their images; run.json, the report; errors.jsonl, the images that "
            + "failed; and .lposs, the journal."
    );

    private readonly Option<string?> _members = FileOption.Create(
        "--members",
        "PATTERN",
        "Members of tars to take, such as \"*.left.png\". [default: images, and of a WebDataset sample the image: "
            + "a.jpg, not a.seg.png]"
    );

    private readonly Option<Shard?> _shard = ShardOption.Create();

    private readonly Option<int?> _maxErrors = NumberOption.Whole(
        "--max-errors",
        "Stop when more images than this have failed. [default: no limit]",
        0
    );

    private readonly Option<bool> _failFast = new("--fail-fast")
    {
        Description = "Stop at the first image that fails.",
    };

    private readonly Option<bool> _force = new("--force")
    {
        Description = "Do every image again, also where the folder holds a batch with other settings.",
    };

    private readonly Option<bool> _verify = new("--verify")
    {
        Description = "Compare the contents of results that are there with the journal, and not their sizes alone.",
    };

    private readonly SegmentationOptions _segmentation = new();
    private readonly WorkerOptions _workers = new();

    public BatchCommand(CommandHost host)
        : base(
            host,
            "batch",
            "Segment a whole collection. A killed run resumes where it stopped; the output is byte-identical. An image "
                + "that fails is listed in errors.jsonl, and the others are done."
        )
    {
        Takes(
            _inputs,
            _classes,
            _results,
            _members,
            _shard,
            _maxErrors,
            _failFast,
            _force,
            _verify,
            _segmentation,
            _workers
        );
        Add(new BatchMergeCommand(host));
    }

    public override bool Resumes => true;

    protected override async Task<int> RunAsync(CommandCall call)
    {
        var (parse, output, cancellationToken) = call;
        var classes = ClassesOption.Read(call.Required(_classes)!);
        var formats = _results.ReadFormats(parse).Select(name => ResultFormats.Create(name, classes)).ToArray();
        string folder = _results.ReadOutput(parse)!;
        OutputFolder.RejectFile(folder);
        var inputs = InputSet.Expand(call.Required(_inputs), folder, call.Value(_members));
        var bundle = _segmentation.OpenBundle(parse, output);
        var options = _workers.AddTo(
            new BatchOptions
            {
                Output = folder,
                Compute = _segmentation.ReadDevice(parse),
                Settings = _segmentation.ReadSettings(parse, bundle),
                PromptCache = _segmentation.ReadCache(parse),
                Images = _segmentation.ReadLimits(parse),
                Shard = call.Value(_shard) ?? Shard.Whole,
                MaxErrors = call.Value(_failFast) ? 0 : call.Value(_maxErrors),
                Overwrite = call.Value(_force),
                VerifyResults = call.Value(_verify),
            },
            parse
        );
        var reporter = new BatchReporter(output);
        reporter.LeftOut(inputs.LeftOut);
        var segmenter = new BatchSegmenter(bundle, classes, formats, options);
        return reporter.End(await segmenter.RunAsync(inputs, reporter, cancellationToken), folder);
    }
}

/// <summary><c>lposs batch merge DIR</c>: the parts of a collection become one.</summary>
internal sealed class BatchMergeCommand : ComputingCommand
{
    private readonly Argument<string> _folder = new("DIR") { Description = "The folder that all parts wrote to." };

    public BatchMergeCommand(CommandHost host)
        : base(
            host,
            "merge",
            "Join the parts of a collection that lposs batch --shard did: reports, failed images, files for the whole "
                + "collection."
        ) => Takes(_folder);

    protected override int Run(CommandCall call)
    {
        string folder = call.Required(_folder);
        return new BatchReporter(call.Output).End(ShardMerge.Run(folder), folder);
    }
}
