using System.Diagnostics;
using Xunit;

namespace Lposs.Tests.Support;

/// <summary>Runs Python, whose packages judge what this library makes.</summary>
internal static class PythonScript
{
    private const string Python = "/usr/bin/python3";

    // Of the repository, not of Debian: one that is missing is a fault.
    private static readonly string[] s_ownModules = ["mini"];

    /// <summary>Runs to the end; skips the test where Python or one of its packages is not there, and fails it where
    /// the script does.</summary>
    /// <param name="packages">Debian's names of what it needs, for the sentence of a skip.</param>
    /// <param name="arguments">A script or -m, and what follows.</param>
    /// <returns>Both streams; unittest reports to the error stream.</returns>
    public static (string Output, string Error) Run(string packages, params string[] arguments)
    {
        Skip.IfNot(File.Exists(Python), $"{Python} is not there");
        var start = new ProcessStartInfo(Python, ["-B", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        bool lacksPackage =
            error.Contains("ModuleNotFoundError: No module named '", StringComparison.Ordinal)
            && !s_ownModules.Any(module => error.Contains($"No module named '{module}", StringComparison.Ordinal));
        Skip.If(lacksPackage, $"one of {packages} is not installed");
        Assert.True(process.ExitCode == 0, error);
        return (output.GetAwaiter().GetResult(), error);
    }

    /// <summary>Runs the unit tests of a file below tests/.</summary>
    public static void RunTests(string packages, string folder, string file)
    {
        var (_, report) = Run(
            packages,
            "-m",
            "unittest",
            "discover",
            "-s",
            Repository.PathOf($"tests/{folder}"),
            "-p",
            file
        );
        Assert.Matches("Ran [1-9][0-9]* tests", report);
    }
}
