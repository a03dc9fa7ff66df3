using System.Collections.Concurrent;
using Lposs.Tools.Import.Exporter;

namespace Lposs.Tests.Support;

/// <summary>Calls tests/encoders/reference_encoders.py, the encoders in PyTorch that exported graphs are judged
/// by.</summary>
internal static class ReferenceEncoders
{
    private const string Packages = "python3-torch, python3-numpy";

    // Once for all tests: PyTorch takes seconds to start. A skip is kept, too.
    private static readonly Lazy<string> s_probe = new(() =>
        PythonScript.Run(Packages, "-c", "import torch, numpy").Output
    );

    // Importing PyTorch takes seconds, so weights that several tests ask for are made once. No test changes them.
    private static readonly ConcurrentDictionary<string, Lazy<string>> s_made = new();
    private static readonly Lazy<TemporaryFolder> s_folder = new(() =>
    {
        var folder = new TemporaryFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        return folder;
    });

    /// <summary>Skips the test, by name, where PyTorch is not there.</summary>
    public static void Require() => _ = s_probe.Value;

    /// <summary>A file of random weights under published names, to be read only.</summary>
    public static string Make(string kind, string naming, params string[] options) =>
        s_made
            .GetOrAdd(
                string.Join(' ', [kind, naming, .. options]),
                name => new Lazy<string>(() =>
                {
                    string path = s_folder.Value.At(
                        $"{name.Replace(' ', '_').Replace("--", "", StringComparison.Ordinal)}.safetensors"
                    );
                    Run(["make", kind, path, "--naming", naming, .. options]);
                    return path;
                })
            )
            .Value;

    /// <summary>What PyTorch makes of an input file, in float64 rounded to float32.</summary>
    public static NdArray<float> Compute(
        TemporaryFolder folder,
        string kind,
        string weights,
        string input,
        params string[] options
    )
    {
        return Compute(folder, kind, weights, [input], options)[0];
    }

    /// <summary>The same of several input files, whose weights are read once.</summary>
    public static NdArray<float>[] Compute(
        TemporaryFolder folder,
        string kind,
        string weights,
        string[] inputs,
        params string[] options
    )
    {
        string[] outputs = [.. inputs.Select((_, i) => folder.At($"expected{i}.npy"))];
        Run([
            "run",
            kind,
            weights,
            .. inputs.Zip(outputs).SelectMany(pair => new[] { pair.First, pair.Second }),
            "--double",
            .. options,
        ]);
        return [.. outputs.Select(NpyFile.ReadSingle)];
    }

    public static void Run(params string[] arguments) =>
        PythonScript.Run(Packages, [Repository.PathOf("tests/encoders/reference_encoders.py"), .. arguments]);
}
