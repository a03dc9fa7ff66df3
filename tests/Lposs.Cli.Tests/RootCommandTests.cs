using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Cli.Tests;

public sealed class RootCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Version_is_one_line() =>
        Assert.Matches(@"^lposs \d+\.\d+\.\d+\n$", Run("--version").AssertDone().Output);

    [Theory]
    [InlineData("segment", "--classes", "--short-side", "--subtract-class-mean", "Examples:")]
    [InlineData("propagate", "--vlm", "--mapping", "--window", "[default: 400]")]
    [InlineData("refine", "--ignore", "--tau", "[default: 0.01]", "Examples:")]
    [InlineData("doctor", "--json", "Exit code 0 if the CPU works", "Examples:", "doctor")]
    public void Help_names_the_options_and_gives_examples(string command, params string[] fragments)
    {
        string[] lines = Run(command, "--help").AssertDone().Output.Split('\n');
        Assert.All(lines, line => Assert.True(line.Length <= 120, line));
        string help = string.Join(
            ' ',
            lines.SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        );
        foreach (string fragment in fragments)
            Assert.Contains(fragment, help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("segment")]
    [InlineData("batch")]
    [InlineData("batch merge")]
    [InlineData("propagate")]
    [InlineData("refine")]
    [InlineData("eval")]
    [InlineData("eval maps")]
    [InlineData("eval run")]
    [InlineData("eval oracle")]
    [InlineData("models")]
    [InlineData("models show")]
    [InlineData("models list")]
    [InlineData("models pull")]
    [InlineData("models import")]
    [InlineData("models check")]
    [InlineData("classes")]
    [InlineData("doctor")]
    [InlineData("bench")]
    public void Every_command_has_examples_and_fits_the_screen(string command)
    {
        string help = Run([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]).AssertDone().Output;
        Assert.Contains("Examples:\n", help, StringComparison.Ordinal);
        Assert.All(help.Split('\n'), line => Assert.True(line.Length <= 120, line));
    }

    [Theory]
    [InlineData("segment")]
    [InlineData("batch")]
    [InlineData("propagate")]
    [InlineData("refine")]
    [InlineData("eval run")]
    public void Every_command_that_writes_results_takes_the_same_output_and_formats(string command)
    {
        string help = Run([.. command.Split(' '), "--help"]).AssertDone().Output;
        Assert.Contains("-o, --output <", help, StringComparison.Ordinal);
        Assert.Contains("-f, --format <FORMAT,...>", help, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_sub_command_the_help_is_shown_and_nothing_is_called_done()
    {
        var run = Run();
        Assert.Equal(2, run.ExitCode);
        foreach (string command in new[] { "segment", "propagate", "refine", "doctor", "models" })
            Assert.Contains($"  {command} ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_sub_command_is_refused() =>
        Run("segmnt", "a.png").AssertRefused(2, "'segmnt'", "lposs --help");

    [Fact]
    public void A_number_that_is_none_is_refused_with_its_range() =>
        Run("refine", "--image", "a.png", "--labels", "b.png", "-o", "c.png", "--radius", "16")
            .AssertRefused(2, "--radius is '16'", "1 to 15");

    [Theory]
    [InlineData("--alpha", "1", "below 1")]
    [InlineData("--tolerance", "-1", "0 or more")]
    [InlineData("--gamma", "nan", "above 0")]
    [InlineData("--k", "2.5", "whole number")]
    [InlineData("--steps", "0", "1 to 10000")]
    [InlineData("--device", "gpu", "auto or cpu or cuda")]
    [InlineData("--mode", "lposs++", "vlm or lposs or lposs+")]
    [InlineData("--threads", "0", "1 to 1024")]
    public void A_bad_value_is_refused_by_the_name_of_its_option(string option, string value, string right) =>
        Run("segment", "a.png", "-c", "sky", option, value).AssertRefused(2, $"{option} is '{value}'", right);

    [Fact]
    public void A_mistyped_option_is_not_taken_for_an_image()
    {
        Run("segment", "a.png", "-c", "sky", "--overlays").AssertRefused(2, "'--overlays'", "lposs segment --help");
        Assert.Empty(_folder.Names());
    }

    [Fact]
    public void An_unexpected_failure_keeps_its_stack_trace_to_itself_unless_asked()
    {
        string[] arguments = ["models", "show", "no-such-folder"];
        Assert.DoesNotContain("   at ", LpossCommand.Run(_folder.Root, arguments).Error, StringComparison.Ordinal);
        Assert.Contains(
            "   at ",
            LpossCommand.Run(_folder.Root, [("LPOSS_TRACE", "1")], arguments).Error,
            StringComparison.Ordinal
        );
    }

    private CommandRun Run(params string[] arguments) => LpossCommand.Run(_folder.Root, arguments);
}
