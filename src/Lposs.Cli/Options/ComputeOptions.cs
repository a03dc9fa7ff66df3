using System.CommandLine;

namespace Lposs.Cli.Options;

/// <summary>The device that the user asks for.</summary>
internal enum DeviceChoice
{
    Auto,
    Cpu,
    Cuda,
}

/// <summary>Where and with how much the run computes.</summary>
internal sealed class ComputeOptions
{
    private const int MebibytesPerTebibyte = 1 << 20;

    private readonly Option<DeviceChoice> _device = ChoiceOption.Create(
        "--device", "Where to compute: auto takes a GPU if one works and says so; cuda fails if none does.", DeviceChoice.Auto,
        ("auto", DeviceChoice.Auto), ("cpu", DeviceChoice.Cpu), ("cuda", DeviceChoice.Cuda));

    private readonly Option<int?> _threads = NumberOption.Whole(
        "--threads", "Threads on the CPU. [default: one for each processor that the process may use]", 1, 1024);

    private readonly Option<int?> _memoryLimit = NumberOption.Whole(
        "--memory-limit", "Memory for graphs and scratch in MiB; classes run in blocks where all would need more. [default: no limit]",
        1, 64 * MebibytesPerTebibyte);

    public void AddTo(Command command)
    {
        command.Add(_device);
        command.Add(_threads);
        command.Add(_memoryLimit);
    }

    public DeviceChoice Device(ParseResult parse) => parse.GetValue(_device);

    /// <summary>0: as many as the process may use.</summary>
    public int Threads(ParseResult parse) => parse.GetValue(_threads) ?? 0;

    /// <summary>In bytes; 0: none.</summary>
    public long MemoryLimit(ParseResult parse) => (parse.GetValue(_memoryLimit) ?? 0) * (1L << 20);

    /// <summary>A context of the core on the device asked for.</summary>
    public LpossContext OpenContext(ParseResult parse) => new(new LpossContextOptions
    {
        Device = Device(parse) switch
        {
            DeviceChoice.Cpu => LpossDevice.Cpu,
            DeviceChoice.Cuda => LpossDevice.Cuda,
            _ => LpossLibrary.Probe(LpossDevice.Cuda).IsAvailable ? LpossDevice.Cuda : LpossDevice.Cpu,
        },
        Threads = Threads(parse),
        MemoryLimit = MemoryLimit(parse),
    });
}
