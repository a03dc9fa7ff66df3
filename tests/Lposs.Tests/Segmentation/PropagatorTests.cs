using Lposs.Tests.Interop;
using Lposs.Tests.Support;
using Lposs.Tools.Evaluation;
using Xunit;

namespace Lposs.Tests.Segmentation;

public sealed class PropagatorTests : IDisposable
{
    private readonly Propagator _propagator = new(new ComputeOptions { Device = DevicePreference.Cpu });

    public void Dispose() => _propagator.Dispose();

    [Theory]
    [MemberData(nameof(GoldenTests.Cases), MemberType = typeof(GoldenTests))]
    public void Encoder_outputs_give_the_scores_and_labels_of_the_authors(string name, SegmentationMode mode)
    {
        var golden = new GoldenCase(name);
        var expected = golden.Expected(mode);

        var result = _propagator.Propagate(
            InputsOf(golden),
            SettingsOf(golden) with
            {
                Mode = mode,
                Size = new PixelSize(expected.Shape[0], expected.Shape[1]),
                WithScores = true,
            }
        );

        GoldenCase.AssertScores(expected, result.Scores!.Span);
        GoldenCase.AssertLabels(expected, result.Labels.Labels.Span);
        Assert.Equal(expected.Shape[2], result.ColumnLabels.Length);
        Assert.Equal(golden.Text.Shape[0], result.PatchSolve!.Steps.Length);
        Assert.Equal(mode == SegmentationMode.LpossPlus, result.PixelSolve is not null);
    }

    [Fact]
    public void Features_may_have_the_grid_as_dimensions()
    {
        var golden = new GoldenCase("one_window");
        var flat = _propagator.Propagate(InputsOf(golden), SettingsOf(golden));
        NdArray<float> Grid(NdArray<float> rows) => new([1, 6, 7, rows.Shape[1]], rows.Span.ToArray());

        var grid = _propagator.Propagate(
            InputsOf(golden) with
            {
                Vm = Grid(golden.Vm),
                Vlm = Grid(golden.Vlm),
            },
            SettingsOf(golden)
        );

        Assert.Equal(flat.Labels.Labels.ToArray(), grid.Labels.Labels.ToArray());
        Assert.Equal((golden.Image.Width, golden.Image.Height), (flat.Labels.Width, flat.Labels.Height));
    }

    [Fact]
    public void A_memory_limit_gives_blocks_of_classes_and_the_same_labels()
    {
        var golden = new GoldenCase("odd_size");
        var usual = _propagator.Propagate(InputsOf(golden), SettingsOf(golden));
        using var tight = new Propagator(new ComputeOptions { Device = DevicePreference.Cpu, MemoryLimit = 8_000_000 });

        var blocks = tight.Propagate(InputsOf(golden), SettingsOf(golden));

        int equal = usual
            .Labels.Labels.ToArray()
            .Zip(blocks.Labels.Labels.ToArray())
            .Count(pair => pair.First == pair.Second);
        Assert.True(equal >= 0.9999 * usual.Labels.Labels.Length, $"{equal} of {usual.Labels.Labels.Length}");
    }

    [Fact]
    public void What_does_not_fit_together_is_refused_by_name()
    {
        var golden = new GoldenCase("sliding");
        var inputs = InputsOf(golden);

        Assert.Contains(
            "vm",
            Refusal(inputs with { Vm = new NdArray<float>([3, 24], new float[72]) }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "text",
            Refusal(inputs with { Text = new NdArray<float>([4, 3], new float[12]) }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "prompt_classes",
            Refusal(inputs with { PromptClasses = [0, 0, 2, 2] }),
            StringComparison.Ordinal
        );
        Assert.Contains("stride", Refusal(inputs with { Stride = 0 }), StringComparison.Ordinal);
        Assert.Contains(
            "vm is not given",
            Assert.Throws<ArgumentException>(() => _propagator.Propagate(inputs with { Vm = null })).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "text has 1 dimensions",
            Assert
                .Throws<ArgumentException>(() =>
                    _propagator.Propagate(inputs with { Text = new NdArray<float>([4], new float[4]) })
                )
                .Message,
            StringComparison.Ordinal
        );
    }

    private string Refusal(PropagationInputs inputs) =>
        Failing.With(LpossErrorCode.InvalidArgument, () => _propagator.Propagate(inputs)).Message;

    private static PropagationInputs InputsOf(GoldenCase golden) =>
        new()
        {
            Image = golden.Image,
            Vm = golden.Vm,
            Vlm = golden.Vlm,
            Text = golden.Text,
            PromptClasses = golden.Mapping.Length == 0 ? null : golden.Mapping,
            Crop = golden.Crop,
            Stride = golden.Stride,
        };

    private static PropagationSettings SettingsOf(GoldenCase golden) =>
        new() { Parameters = new PropagationParameters { PatchGraph = new PatchGraphParameters { K = golden.K } } };
}
