using System.CommandLine;
using Lposs.Cli.Diagnosis;
using Lposs.Cli.Output;

namespace Lposs.Cli.Commands;

/// <summary><c>lposs doctor</c>: versions, devices, libraries, and what is missing with how to get it.</summary>
internal static class DoctorCommand
{
    public static Command Create(GlobalOptions global)
    {
        var doctor = new Command(
            "doctor",
            "Show versions, devices and libraries, what is missing and how to get it. Exit code 0 if the CPU works; "
            + "a missing GPU is reported, but is no failure.");
        global.Bind(doctor, (_, output, _) => Run(output));
        return doctor;
    }

    private static int Run(CommandOutput output)
    {
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
        output.Fail($"pictures cannot be segmented: {installation.Missing[0].Problem}");
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
            table.Add(device.Part, device.Device, device.Works ? "works" : "not available", device.Name ?? device.Problem ?? "");
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
        var table = new ResultTable("Missing", "", "");
        foreach (var missing in installation.Missing)
            table.Add(missing.What, missing.Problem).Add("  how to get it", missing.Remedy);
        return table;
    }
}
