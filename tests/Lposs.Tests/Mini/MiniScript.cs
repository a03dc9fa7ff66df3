using System.Diagnostics;
using System.Reflection;
using Xunit;

namespace Lposs.Tests.Mini;

/// <summary>Runs Python files of tests/mini.</summary>
internal static class MiniScript
{
    private const string Python = "/usr/bin/python3";

    public static string PathOf(string file) => Path.Combine(
        typeof(MiniScript).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "RepositoryRoot").Value!,
        "tests/mini",
        file);

    /// <summary>Runs Python; skips the test where it, or one of its modules, is not installed. What it wrote to the error stream, where unittest reports.</summary>
    public static string Run(params string[] arguments)
    {
        Skip.IfNot(File.Exists(Python), $"{Python} is not there");
        var start = new ProcessStartInfo(Python, ["-B", .. arguments]) { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        string report = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Skip.If(
            report.Contains("ModuleNotFoundError: No module named", StringComparison.Ordinal) && !report.Contains("No module named 'mini", StringComparison.Ordinal),
            "python3-numpy, python3-opencv, python3-torch or python3-onnx is not installed");
        Assert.True(process.ExitCode == 0, report);
        return report;
    }
}
