using System.CommandLine;
using Lposs.Tools.Batch;

namespace Lposs.Cli.Options;

/// <summary>How many images each stage of a batch works on at a time, and what they may take.</summary>
internal sealed class WorkerOptions : OptionGroup
{
    private readonly Option<int?> _decoders = Workers("--decoders", "read and decoded");
    private readonly Option<int?> _encoders = Workers(
        "--encoders",
        "cut into windows and encoded (on a GPU each on a stream and with encoders of its own)"
    );
    private readonly Option<int?> _solvers = Workers(
        "--solvers",
        "in the core, each on a thread and with scratch memory of its own,"
    );
    private readonly Option<int?> _writers = Workers("--writers", "written");
    private readonly Option<int?> _memory = NumberOption.Whole(
        "--memory",
        "What the images under way may take together, in MiB, beside the encoders and the core; one that needs more "
            + "goes alone. [default: 1024]",
        1,
        64 << 20
    );

    public override IReadOnlyList<CommandPart> Parts => [_decoders, _encoders, _solvers, _writers, _memory];

    public BatchOptions AddTo(BatchOptions options, ParseResult parse) =>
        options with
        {
            Decoders = parse.GetValue(_decoders) ?? 0,
            Encoders = parse.GetValue(_encoders) ?? 0,
            Solvers = parse.GetValue(_solvers) ?? 0,
            Writers = parse.GetValue(_writers) ?? 0,
            MemoryBudget = (parse.GetValue(_memory) ?? 1024) * (1L << 20),
        };

    private static Option<int?> Workers(string name, string what) =>
        NumberOption.Whole(name, $"Images that are {what} at a time. [default: chosen by the processors]", 1, 256);
}
