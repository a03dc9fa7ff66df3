using Lposs.Cli.Output;

namespace Lposs.Cli.Commands.Doctor;

/// <summary><c>lposs doctor</c>: versions, devices, libraries, and what to do about what is missing.</summary>
internal sealed class DoctorCommand : ComputingCommand
{
    public DoctorCommand(CommandHost host)
        : base(
            host,
            "doctor",
            "Show versions, devices and libraries, and what to do about what is missing. Exit code 0 if the CPU works; "
                + "a missing GPU is reported, but is no failure."
        )
    { }

    protected override int Run(CommandCall call)
    {
        var output = call.Output;
        output.Progress("looking for libraries and devices");
        var installation = Installation.Examine();
        output.Show(Versions(installation));
        output.Show(Devices(installation));
        output.Show(Libraries(installation));
        if (installation.Missing.Count > 0)
            output.Show(Missing(installation));
        output.Document(installation.Document(), JsonContext.Readable.DoctorDocument);
        if (installation.CpuWorks)
            return ExitCode.Done;
        output.Fail($"images cannot be segmented: {installation.Missing[0].Problem}");
        return ExitCode.Failed;
    }

    private static ResultTable Versions(Installation installation)
    {
        var table = new ResultTable("Versions", "", "");
        foreach (var (what, version) in installation.Versions)
            table.Add(what, version);
        return table;
    }

    private static ResultTable Devices(Installation installation)
    {
        var table = new ResultTable("Devices", "part", "device", "state", "");
        foreach (var device in installation.Devices)
        {
            string state = device.Works ? "works" : "not available";
            table.Add(device.Part, device.Device, state, device.Name ?? device.Problem ?? "");
            if (device.Remedy is { } remedy)
                table.Add("", "", "", $"to do: {remedy}");
        }
        return table;
    }

    private static ResultTable Libraries(Installation installation)
    {
        var table = new ResultTable("Libraries", "library", "found at");
        foreach (var library in installation.Libraries)
            table.Add(library.Name, library.Path);
        return table;
    }

    private static ResultTable Missing(Installation installation)
    {
        var table = new ResultTable("Missing", "what", "why", "what to do");
        foreach (var missing in installation.Missing)
            table.Add(missing.What, missing.Problem, missing.Remedy);
        return table;
    }
}
