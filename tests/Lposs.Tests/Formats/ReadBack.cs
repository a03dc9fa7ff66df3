using System.Diagnostics;
using System.Reflection;
using Xunit;

namespace Lposs.Tests.Formats;

/// <summary>tests/formats/read_back.py, which reads the formats without this library.</summary>
internal static class ReadBack
{
    /// <summary>Reads the formats of a folder, all by default, and gives what it says; skips the test where Python's packages are missing.</summary>
    public static string Run(string folder, params string[] formats)
    {
        string root = typeof(ReadBack).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "RepositoryRoot").Value!;
        Skip.IfNot(File.Exists("/usr/bin/python3"), "/usr/bin/python3 is not there");
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(root, "tests/formats/read_back.py"), folder, .. formats])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Skip.If(error.Contains("ModuleNotFoundError", StringComparison.Ordinal), "python3-numpy or python3-pil is not installed");
        Assert.True(process.ExitCode == 0, error);
        return output;
    }
}
