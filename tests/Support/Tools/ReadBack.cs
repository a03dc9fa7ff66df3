namespace Lposs.Tests.Support;

/// <summary>tests/formats/read_back.py, which reads the formats without this library.</summary>
internal static class ReadBack
{
    /// <summary>Reads the formats of a folder, all by default, and gives what it says; skips the test where Python's
    /// packages are missing.</summary>
    public static string Run(string folder, params string[] formats) =>
        PythonScript
            .Run("python3-numpy, python3-pil", [Repository.PathOf("tests/formats/read_back.py"), folder, .. formats])
            .Output;
}
