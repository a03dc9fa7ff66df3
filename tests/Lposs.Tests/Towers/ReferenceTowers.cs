using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using Lposs.Arrays;
using Lposs.Tests.Imaging;
using Xunit;

namespace Lposs.Tests.Towers;

/// <summary>Calls tests/encoders/reference_towers.py, the towers in PyTorch that exported graphs are judged by.</summary>
internal static class ReferenceTowers
{
    private const string Python = "/usr/bin/python3";

    private static readonly Lazy<bool> s_hasPyTorch = new(() =>
        !Call("-c", "import torch, numpy").Report.Contains("ModuleNotFoundError", StringComparison.Ordinal));

    // Importing PyTorch takes seconds, so weights that several tests ask for are made once. No test changes them.
    private static readonly ConcurrentDictionary<string, Lazy<string>> s_made = new();
    private static readonly Lazy<TemporaryFolder> s_folder = new(() =>
    {
        var folder = new TemporaryFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        return folder;
    });

    /// <summary>Skips the test, by name, where PyTorch is not there.</summary>
    public static void Require()
    {
        Skip.IfNot(File.Exists(Python), $"{Python} is not there");
        Skip.IfNot(s_hasPyTorch.Value, "python3-torch or python3-numpy is not installed");
    }

    /// <summary>A file of random weights under published names, to be read only.</summary>
    public static string Make(string kind, string naming, params string[] options) => s_made.GetOrAdd(
        string.Join(' ', [kind, naming, .. options]),
        name => new Lazy<string>(() =>
        {
            string path = s_folder.Value.At($"{name.Replace(' ', '_').Replace("--", "", StringComparison.Ordinal)}.safetensors");
            Run(["make", kind, path, "--naming", naming, .. options]);
            return path;
        })).Value;

    /// <summary>What PyTorch makes of an input file, in float64 rounded to float32.</summary>
    public static NdArray<float> Compute(TemporaryFolder folder, string kind, string weights, string input, params string[] options)
    {
        return Compute(folder, kind, weights, [input], options)[0];
    }

    /// <summary>The same of several input files, whose weights are read once.</summary>
    public static NdArray<float>[] Compute(TemporaryFolder folder, string kind, string weights, string[] inputs, params string[] options)
    {
        string[] outputs = [.. inputs.Select((_, i) => folder.At($"expected{i}.npy"))];
        Run(["run", kind, weights, .. inputs.Zip(outputs).SelectMany(pair => new[] { pair.First, pair.Second }), "--double", .. options]);
        return [.. outputs.Select(NpyFile.ReadSingle)];
    }

    public static void Run(params string[] arguments)
    {
        string repository = typeof(ReferenceTowers).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "RepositoryRoot").Value!;
        var (code, report) = Call(["-B", Path.Combine(repository, "tests/encoders/reference_towers.py"), .. arguments]);
        Assert.True(code == 0, report);
    }

    private static (int Code, string Report) Call(params string[] arguments)
    {
        var start = new ProcessStartInfo(Python, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        string report = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.GetAwaiter().GetResult() + report);
    }
}
