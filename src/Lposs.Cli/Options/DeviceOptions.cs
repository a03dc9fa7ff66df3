using System.CommandLine;

namespace Lposs.Cli.Options;

/// <summary>Where and with how much the run computes.</summary>
internal sealed class DeviceOptions : OptionGroup
{
    private const int MebibytesPerTebibyte = 1 << 20;

    private readonly ChoiceOption<DevicePreference> _device = new(
        "--device",
        "Where to compute: auto takes a GPU if one works and says so; cuda fails if none does.",
        "auto",
        ("auto", DevicePreference.Auto),
        ("cpu", DevicePreference.Cpu),
        ("cuda", DevicePreference.Cuda)
    );

    private readonly Option<int?> _threads = NumberOption.Whole(
        "--threads",
        "Threads on the CPU. [default: one for each processor that the process may use]",
        1,
        1024
    );

    private readonly Option<int?> _memoryLimit = NumberOption.Whole(
        "--memory-limit",
        "Memory for graphs and scratch in MiB; classes run in blocks where all would need more. [default: no limit]",
        1,
        64 * MebibytesPerTebibyte
    );

    public override IReadOnlyList<CommandPart> Parts => [_device, _threads, _memoryLimit];

    public ComputeOptions Read(ParseResult parse) =>
        new()
        {
            Device = _device.Read(parse),
            Threads = parse.GetValue(_threads) ?? 0,
            MemoryLimit = (parse.GetValue(_memoryLimit) ?? 0) * (1L << 20),
        };

    /// <summary>The same for a segmenter.</summary>
    public SegmenterOptions ReadForSegmenter(ParseResult parse)
    {
        var options = Read(parse);
        return new SegmenterOptions
        {
            Device = options.Device,
            Threads = options.Threads,
            MemoryLimit = options.MemoryLimit,
        };
    }
}
