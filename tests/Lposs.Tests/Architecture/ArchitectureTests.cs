using System.Reflection;
using System.Text.RegularExpressions;
using Lposs.Tests.Architecture.Samples.Tokenization;
using Lposs.Tools.Batch;
using Xunit;

namespace Lposs.Tests.Architecture;

/// <summary>Who may use whom among the rooms of the library and its hosts; src/README.md draws it.</summary>
public sealed partial class ArchitectureTests
{
    /// <summary>A room, and the rooms whose types it may use. The root's plain values and the context of the core serve
    /// every room but the first three.</summary>
    private static readonly (string Room, string[] MayUse)[] s_table =
    [
        ("Interop", []),
        ("Files", []),
        ("Json", ["Files"]),
        ("Imaging", ["Interop", "Files", "Json"]),
        ("Tokenization", ["Interop", "Files", "Json"]),
        ("Encoders", ["Interop", "Files", "Json", "Imaging", "Tokenization"]),
        ("Bundles", ["Interop", "Files", "Json", "Imaging", "Tokenization", "Encoders"]),
        ("Pipeline", ["Interop", "Files", "Json", "Imaging", "Tokenization", "Encoders", "Bundles"]),
    ];

    /// <summary>What stands above every room.</summary>
    private static readonly string[] s_face = ["Lposs.Segmenter", "Lposs.Propagator", "Lposs.Refiner"];

    private static string Library => typeof(Segmenter).Assembly.Location;

    [Fact]
    public void No_room_of_the_library_uses_one_above_it() => Assert.Empty(Faults("Lposs", TypeUses.Of(Library)));

    [Fact]
    public void A_type_that_breaks_the_table_is_found()
    {
        const string Samples = "Lposs.Tests.Architecture.Samples";
        var faults = Faults(Samples, TypeUses.Of(typeof(TokenizerThatOpensBundles).Assembly.Location));

        Assert.Equal(
            [
                $"{Samples}.Tokenization.TokenizerThatOpensBundles uses {Samples}.Bundles.SampleBundle",
                $"{Samples}.Tokenization.TokenizerWithABundle uses {Samples}.Bundles.SampleBundle",
            ],
            faults
        );
    }

    [Fact]
    public void The_C_interface_is_nobodys_face() =>
        Assert.DoesNotContain(
            typeof(Segmenter).Assembly.GetExportedTypes(),
            type => type.Namespace is "Lposs.Interop" or "Lposs.Json" or "Lposs.Pipeline"
        );

    [Fact]
    public void Only_the_command_line_knows_options()
    {
        foreach (var assembly in (Assembly[])[typeof(Segmenter).Assembly, typeof(BatchSegmenter).Assembly])
        {
            Assert.DoesNotContain(
                assembly.GetReferencedAssemblies(),
                reference => reference.Name is "System.CommandLine" or "Spectre.Console" or "lposs"
            );
        }
        Assert.DoesNotContain(
            typeof(Segmenter).Assembly.GetReferencedAssemblies(),
            reference => reference.Name == typeof(BatchSegmenter).Assembly.GetName().Name
        );
    }

    [Fact]
    public void No_message_of_a_library_names_an_option_or_the_build_script()
    {
        foreach (var assembly in (Assembly[])[typeof(Segmenter).Assembly, typeof(BatchSegmenter).Assembly])
            Assert.DoesNotContain(TypeUses.StringsOf(assembly.Location), NamesAnOption);
        // The command line is where they belong, so the search finds them there.
        Assert.True(NamesAnOption("use --force or ./build.sh build"));
        Assert.True(NamesAnOption("--force replaces it"));
        Assert.False(NamesAnOption("left -- right, a-b and 1--2"));
    }

    private static bool NamesAnOption(string text) =>
        text.Contains("build.sh", StringComparison.Ordinal) || Option().IsMatch(text);

    [GeneratedRegex("(^|[ (])--[a-z]")]
    private static partial Regex Option();

    private static List<string> Faults(string root, IEnumerable<(string User, string Used)> uses)
    {
        var faults = new List<string>();
        foreach (var (user, used) in uses)
        {
            foreach (var (room, mayUse) in s_table)
            {
                if (!IsIn(user, $"{root}.{room}"))
                    continue;
                bool isAbove =
                    s_face.Contains(used)
                    || s_table.Any(other =>
                        other.Room != room && !mayUse.Contains(other.Room) && IsIn(used, $"{root}.{other.Room}")
                    );
                if (isAbove)
                    faults.Add($"{user} uses {used}");
            }
        }
        faults.Sort(StringComparer.Ordinal);
        return faults;
    }

    private static bool IsIn(string type, string room) => type.StartsWith(room + ".", StringComparison.Ordinal);
}
