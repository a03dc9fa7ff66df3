using System.Text.Json;
using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Cli.Tests;

public sealed class DoctorCommandTests
{
    [Fact]
    public void The_document_names_versions_devices_libraries_and_what_is_missing()
    {
        var doctor = LpossCommand.Run(AppContext.BaseDirectory, "doctor", "--json").AssertDone().Json;

        Assert.True(doctor.GetProperty("cpu_works").GetBoolean());
        var versions = doctor.GetProperty("versions");
        Assert.Equal(LpossLibrary.Version, versions.GetProperty("core").GetString());
        foreach (string part in new[] { "lposs", "ONNX Runtime", "libvips", ".NET" })
            Assert.Matches(@"^\d+\.\d+", versions.GetProperty(part).GetString());
        var core = doctor
            .GetProperty("devices")
            .EnumerateArray()
            .Single(device => Text(device, "part") == "core" && Text(device, "device") == "cpu");
        Assert.Equal(LpossLibrary.Probe(LpossDevice.Cpu).Name, Text(core, "name"));
        foreach (string library in new[] { "liblposs.so", "libonnxruntime", "libvips" })
        {
            var found = doctor
                .GetProperty("libraries")
                .EnumerateArray()
                .First(entry => Text(entry, "name").StartsWith(library, StringComparison.Ordinal));
            Assert.True(File.Exists(Text(found, "path")));
        }
        Assert.All(doctor.GetProperty("missing").EnumerateArray(), missing => Assert.NotEmpty(Text(missing, "remedy")));
        var broken = doctor
            .GetProperty("devices")
            .EnumerateArray()
            .Where(device => !device.GetProperty("works").GetBoolean());
        Assert.All(broken, device => Assert.NotEmpty(Text(device, "problem") + Text(device, "remedy")));
    }

    [Fact]
    public void Redirected_output_is_plain_lines_that_fit_and_say_each_thing_once()
    {
        var run = LpossCommand.Run(AppContext.BaseDirectory, "doctor").AssertDone();
        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.True(line.Length <= 120 || line.Contains('/'), line));
        Assert.Equal(lines.Length, lines.Distinct().Count());
        Assert.Contains("Versions\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output);
        Assert.DoesNotContain('\u2502', run.Output);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public void Every_library_that_the_CUDA_backend_needs_and_is_not_there_is_named()
    {
        using var folder = new TemporaryFolder();
        // A library of ours that needs one that nobody has: the name of another one, changed in place.
        byte[] library = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "liblposs.so"));
        Span<byte> rest = library;
        for (int at; (at = rest.IndexOf("libgcc_"u8)) >= 0; rest = rest[(at + 7)..])
            "libnone"u8.CopyTo(rest[at..]);
        File.WriteAllBytes(folder.At("backend.so"), library);

        var doctor = LpossCommand
            .Run(AppContext.BaseDirectory, [("LPOSS_CUDA_LIBRARY", folder.At("backend.so"))], ["doctor", "--json"])
            .AssertDone()
            .Json;

        var missing = doctor
            .GetProperty("missing")
            .EnumerateArray()
            .Single(entry => Text(entry, "what").StartsWith("libnone", StringComparison.Ordinal));
        Assert.Equal("backend.so needs it, and it was not found", Text(missing, "problem"));
    }

    private static string Text(JsonElement element, string member) => element.GetProperty(member).GetString()!;
}
