using Lposs.Tests.Support;
using Lposs.Tools.Evaluation;
using Xunit;

namespace Lposs.Tests.Interop;

/// <summary>The core against the authors' program, by the fused call and step by step.</summary>
public sealed class GoldenTests : IDisposable
{
    private readonly LpossContext _context = new(new LpossContextOptions { Threads = 2 });

    public static TheoryData<string, SegmentationMode> Cases
    {
        get
        {
            var cases = new TheoryData<string, SegmentationMode>();
            foreach (var name in GoldenCase.Names)
            {
                cases.Add(name, SegmentationMode.Lposs);
                cases.Add(name, SegmentationMode.LpossPlus);
            }
            return cases;
        }
    }

    public void Dispose() => _context.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_fused_call_gives_the_scores_and_labels_of_the_authors(string name, SegmentationMode mode)
    {
        var golden = new GoldenCase(name);
        var expected = golden.Expected(mode);
        int height = expected.Shape[0],
            width = expected.Shape[1];
        float[] scores = new float[expected.Length];
        float[] confidence = new float[height * width];
        ushort[] labels = new ushort[height * width];
        var parameters = new PropagationParameters { PatchGraph = new PatchGraphParameters { K = golden.K } };

        _context.Segment(
            new SegmentInputs
            {
                Image = new ReadOnlyTensorView<byte>(
                    golden.Image.Pixels.Span,
                    golden.Image.Height,
                    golden.Image.Width,
                    3
                ),
                Windows = golden.Windows,
                Vlm = View(golden.Vlm),
                Vm = View(golden.Vm),
                Text = View(golden.Text),
                PromptClasses = golden.Mapping,
            },
            new SegmentOutputs
            {
                Labels = new TensorView<ushort>(labels, height, width),
                Confidence = new TensorView<float>(confidence, height, width),
                Scores = new TensorView<float>(scores, height, width, expected.Shape[2]),
            },
            mode,
            parameters,
            out var report
        );

        GoldenCase.AssertScores(expected, scores);
        GoldenCase.AssertLabels(expected, labels);
        Assert.All(confidence, value => Assert.True(value >= 0));
        Assert.Equal(golden.Text.Shape[0], report.Patch!.Steps.Length);
        Assert.All(report.Patch.Steps, steps => Assert.InRange(steps, 1, 10));
        Assert.Equal(report.Patch.Residuals.Max(), report.Patch.LargestResidual);
        Assert.Equal(mode == SegmentationMode.LpossPlus, report.Pixel is not null);
        Assert.True(
            report.Times.PatchGraph > 0 && report.Times.Total >= report.Times.PatchGraph,
            report.Times.ToString()
        );
    }

    [Theory]
    [MemberData(nameof(GoldenCase.Names), MemberType = typeof(GoldenCase))]
    public void Windows_are_those_of_the_authors(string name)
    {
        var golden = new GoldenCase(name);

        var windows = Windows.Create(golden.Image.Height, golden.Image.Width, golden.Crop, golden.Stride);

        Assert.Equal(golden.Windows, windows);
        Assert.Equal(golden.Vm.Shape[0], Windows.CountPatches(windows, 16));
    }

    [Theory]
    [MemberData(nameof(GoldenCase.Names), MemberType = typeof(GoldenCase))]
    public void The_steps_one_by_one_give_the_scores_of_the_authors(string name)
    {
        var golden = new GoldenCase(name);
        int patches = golden.Vm.Shape[0],
            prompts = golden.Text.Shape[0];
        int height = golden.Image.Height,
            width = golden.Image.Width;
        float[] patchScores = new float[patches * prompts];
        float[] pixelScores = new float[height * width * prompts];
        var patchView = new TensorView<float>(patchScores, patches, prompts);
        var nodeView = new TensorView<float>(pixelScores, height * width, prompts);

        _context.Similarity(View(golden.Vlm), View(golden.Text), patchView);
        using (
            var graph = LpossGraph.FromPatches(
                _context,
                View(golden.Vm),
                new ReadOnlyTensorView<float>(Windows.PatchCentres(golden.Windows, 16), patches, 2),
                new PatchGraphParameters { K = golden.K }
            )
        )
        {
            Assert.Equal(patches, graph.NodeCount);
            Assert.True(graph.EdgeCount > 0 && graph.Memory > 0);
            _context.Propagate(graph, patchView, patchView);
        }
        _context.Stitch(patchView, golden.Windows, 16, new TensorView<float>(pixelScores, height, width, prompts));
        using (
            var graph = LpossGraph.FromImage(
                _context,
                new ReadOnlyTensorView<byte>(golden.Image.Pixels.Span, height, width, 3)
            )
        )
        {
            _context.Propagate(graph, nodeView, nodeView, null, out var report);
            Assert.Equal(prompts, report.Residuals.Length);
        }

        var expected = golden.Expected(SegmentationMode.LpossPlus);
        int classes = expected.Shape[2];
        float[] merged = golden.Mapping.Length == 0 ? pixelScores : new float[height * width * classes];
        if (golden.Mapping.Length > 0)
            _context.MergePrompts(nodeView, golden.Mapping, new TensorView<float>(merged, height * width, classes));
        float[] resized = new float[expected.Length];
        ushort[] labels = new ushort[expected.Length / classes];
        _context.Resize(
            new ReadOnlyTensorView<float>(merged, height, width, classes),
            new TensorView<float>(resized, expected.Shape[0], expected.Shape[1], classes)
        );
        _context.ArgMax(
            new ReadOnlyTensorView<float>(resized, labels.Length, classes),
            new TensorView<ushort>(labels, labels.Length)
        );

        GoldenCase.AssertScores(expected, resized);
        GoldenCase.AssertLabels(expected, labels);
    }

    [Fact]
    public void The_memory_that_is_told_is_the_memory_that_is_taken()
    {
        var golden = new GoldenCase("sliding");
        using var context = new LpossContext(new LpossContextOptions { Threads = 1 });
        ushort[] labels = new ushort[golden.Image.Height * golden.Image.Width];
        SegmentInputs Inputs() =>
            new()
            {
                Image = new ReadOnlyTensorView<byte>(
                    golden.Image.Pixels.Span,
                    golden.Image.Height,
                    golden.Image.Width,
                    3
                ),
                Windows = golden.Windows,
                Vlm = View(golden.Vlm),
                Vm = View(golden.Vm),
                Text = View(golden.Text),
            };
        SegmentOutputs Outputs() =>
            new() { Labels = new TensorView<ushort>(labels, golden.Image.Height, golden.Image.Width) };

        long told = context.SegmentMemory(Inputs(), Outputs());
        context.ResetMemoryPeak();
        context.Segment(Inputs(), Outputs());

        Assert.InRange(context.Info.MemoryPeak, told / 2, told);
    }

    private static ReadOnlyTensorView<float> View(NdArray<float> array) =>
        new(array.Span, array.Shape[0], array.Shape[1]);
}
