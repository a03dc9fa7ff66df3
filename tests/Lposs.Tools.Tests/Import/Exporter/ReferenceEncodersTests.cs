using System.Diagnostics;
using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Tools.Tests.Import.Exporter;

/// <summary>The PyTorch reference that judges exported encoders, tests/encoders/reference_encoders.py, holds what it
/// claims.</summary>
public sealed class ReferenceEncodersTests
{
    [SkippableFact]
    public void The_reference_agrees_with_PyTorchs_layers_and_plain_loops_and_shows_mistakes()
    {
        string[] arguments =
        [
            "-B",
            "-m",
            "unittest",
            "discover",
            "-s",
            Repository.PathOf("tests/encoders"),
            "-p",
            "test_reference.py",
        ];
        var start = new ProcessStartInfo("/usr/bin/python3", arguments) { RedirectStandardError = true };
        start.Environment["OMP_NUM_THREADS"] = "1"; // as the tests themselves ask PyTorch
        Skip.IfNot(File.Exists(start.FileName), "/usr/bin/python3 is not there");
        using var process = Process.Start(start)!;
        string report = process.StandardError.ReadToEnd(); // unittest reports there
        process.WaitForExit();
        Skip.If(
            report.Contains("ModuleNotFoundError: No module named 'torch'", StringComparison.Ordinal)
                || report.Contains("ModuleNotFoundError: No module named 'numpy'", StringComparison.Ordinal),
            "python3-torch or python3-numpy is not installed"
        );
        Assert.True(process.ExitCode == 0, report);
        Assert.Matches("Ran [1-9][0-9]+ tests", report);
    }
}
