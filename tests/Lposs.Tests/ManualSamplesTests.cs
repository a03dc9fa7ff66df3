using System.Text.RegularExpressions;
using Lposs.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Lposs.Tests;

/// <summary>What the manuals show in C# compiles against the library.</summary>
public sealed partial class ManualSamplesTests
{
    // What a sample takes from its reader's program.
    private const string Surroundings = """
        using Lposs;
        ulong stream = 0, pointer = 0;
        long patches = 1, dimensions = 1;
        ReadOnlyTensorView<float> text = default;
        TensorView<float> scores = default;

        """;

    [Theory]
    [InlineData("README.md", 1)]
    [InlineData("src/Lposs/README.md", 2)]
    [InlineData("src/Lposs.ImageSharp/README.md", 1)]
    public void The_samples_of_a_manual_compile(string manual, int count)
    {
        string[] samples = [.. Sample().Matches(Read(manual)).Select(match => match.Groups[1].Value)];

        Assert.Equal(count, samples.Length);
        Assert.All(samples, sample => Assert.Empty(Errors(sample)));
    }

    [Fact]
    public void A_sample_with_a_member_that_is_not_there_does_not()
    {
        string sample = Sample().Match(Read("README.md")).Groups[1].Value;

        string error = Assert.Single(Errors(sample.Replace("SavePng", "SaveAs", StringComparison.Ordinal)));
        Assert.Contains("SaveAs", error, StringComparison.Ordinal);
    }

    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Sample();

    private static string Read(string manual) => File.ReadAllText(Repository.PathOf(manual));

    private static IEnumerable<string> Errors(string sample)
    {
        string program = sample.Contains("using Lposs;", StringComparison.Ordinal) ? sample : Surroundings + sample;
        // The same implicit usings as a new project has.
        const string Usings = "global using System; global using System.IO; global using System.Linq;";
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Append(typeof(Segmenter).Assembly.Location)
            .Distinct()
            .Select(path => MetadataReference.CreateFromFile(path));
        return CSharpCompilation
            .Create(
                "sample",
                [CSharpSyntaxTree.ParseText(Usings), CSharpSyntaxTree.ParseText(program)],
                references,
                new CSharpCompilationOptions(OutputKind.ConsoleApplication)
            )
            .GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => diagnostic.ToString());
    }
}
