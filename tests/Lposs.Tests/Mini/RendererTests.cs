using System.Diagnostics;
using System.Reflection;
using Xunit;

namespace Lposs.Tests.Mini;

/// <summary>The renderer of src/mini, whose tests are Python's: tests/mini.</summary>
public sealed class RendererTests
{
    private const string Python = "/usr/bin/python3";

    [SkippableFact]
    public void A_seed_gives_the_same_scene_and_labels_fit_pictures()
    {
        string repository = typeof(RendererTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "RepositoryRoot").Value!;
        Skip.IfNot(File.Exists(Python), $"{Python} is not there");
        var start = new ProcessStartInfo(Python, ["-B", "-m", "unittest", "discover", "-s", Path.Combine(repository, "tests/mini")]) { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        string report = process.StandardError.ReadToEnd(); // unittest reports there
        process.WaitForExit();
        Skip.If(report.Contains("ModuleNotFoundError: No module named 'numpy'", StringComparison.Ordinal)
            || report.Contains("ModuleNotFoundError: No module named 'cv2'", StringComparison.Ordinal), "python3-numpy or python3-opencv is not installed");
        Assert.True(process.ExitCode == 0, report);
        Assert.Matches("Ran [1-9][0-9]* tests", report);
    }
}
