using Lposs.Bundles;
using Lposs.Encoders;
using Lposs.Imaging;
using Lposs.Tests.Support;
using Lposs.Tokenization;
using Lposs.Tools.Evaluation;
using Lposs.Tools.Import;
using Xunit;
using Xunit.Abstractions;

namespace Lposs.Tools.Tests.Import;

/// <summary>
/// Published files to labels: segmenting through an imported bundle gives what propagating the features gives that
/// PyTorch computes from the same files, with windows cut and embeddings averaged here, by plain loops.
/// </summary>
public sealed class ImportedSegmentationTests(ITestOutputHelper output) : IDisposable
{
    private const int Width = 560;
    private const int Height = 448;
    private const int Crop = 224;
    private const int Stride = 112;

    private static readonly string[] s_templates = ["a photo of a {}.", "{} by night"];
    private static readonly ClassList s_classes = ClassList.Parse("brick, red bus, deep blue sea; water, x");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Segmenting_equals_propagating_PyTorchs_features()
    {
        var options = TinyModels.Make(_folder, "open_clip", "original") with { Templates = s_templates };
        var bundle = ModelImport.Run(options, _folder.At("bundle")).Bundle;
        Assert.Equal(ImageSpec.Paper, bundle.Image);
        var image = Image();
        var vlm = ReferenceEncoders.Compute(
            _folder,
            "clip",
            options.Clip,
            Windows(image, bundle.Vlm),
            "--variant",
            "maskclip",
            "--activation",
            "quick_gelu"
        );
        var vm = ReferenceEncoders.Compute(_folder, "dino", options.Dino, Windows(image, bundle.Vm), "--feature", "v");
        var inputs = new PropagationInputs
        {
            Image = image,
            Vlm = vlm,
            Vm = vm,
            Text = Text(bundle, options),
            PromptClasses = [.. s_classes.PromptClasses],
        };

        using var segmenter = new Segmenter(bundle, new SegmenterOptions { Device = DevicePreference.Cpu });
        using var propagator = new Propagator(new ComputeOptions { Device = DevicePreference.Cpu });
        void Same(string what, double tolerance, PropagationInputs given, SegmentationSettings settings, int classes)
        {
            var expected = propagator.Propagate(
                given,
                new PropagationSettings
                {
                    Mode = settings.Mode,
                    Parameters = settings.Parameters,
                    WithScores = true,
                }
            );
            var actual = segmenter.Segment(image, s_classes, settings with { WithScores = true });
            Compare(what, tolerance, expected, actual);
            Assert.True(expected.Labels.Maximum() > 0 || classes == 1, $"{what}: one class only");
        }
        Same("vlm", 1e-5, inputs, new SegmentationSettings { Mode = SegmentationMode.Vlm }, classes: 2);
        Same("lposs", 1e-4, inputs, new SegmentationSettings { Mode = SegmentationMode.Lposs }, classes: 1);
        Same("lposs+", 1e-4, inputs, new SegmentationSettings { Mode = SegmentationMode.LpossPlus }, classes: 1);
        // Random weights prefer one class everywhere, unless its mean is taken off.
        var paper = new PropagationParameters();
        var even = new SegmentationSettings
        {
            Parameters = paper with { PatchSolver = paper.PatchSolver with { SubtractClassMean = true } },
        };
        Same("even classes", 1e-4, inputs, even, classes: 2);
        Same(
            "vlm's own features",
            1e-4,
            inputs with
            {
                Vm = vlm,
            },
            even with
            {
                Appearance = AppearanceFeatures.Vlm,
            },
            classes: 2
        );
    }

    /// <summary>
    /// Features differ by 1e-6. Scores of the patches follow; in the graph a neighbour may take another's place where
    /// both are as near, which moves scores by less than 1e-4 and labels where two classes are nearly even.
    /// </summary>
    private void Compare(string what, double tolerance, PropagationResult expected, SegmentationResult actual)
    {
        double distance = RelativeError.Of(expected.Scores!.Span, actual.Scores!.Span);
        int others = 0;
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++)
                others += expected.Labels[x, y] == actual.Labels[x, y] ? 0 : 1;
        output.WriteLine($"{what}: relative L2 of scores {distance:0.0e0}, {others} other labels of {Width * Height}");
        Assert.True(
            distance <= tolerance && others <= Width * Height / 1000,
            $"{what}: scores {distance:0.0e0}, {others} other labels"
        );
    }

    private static Image Image()
    {
        var random = new Random(11);
        return TestImages.Render(
            Width,
            Height,
            (x, y) =>
            {
                int block = (x / 70 + 3 * (y / 56)) % 5;
                byte Channel(int base_) => (byte)Math.Clamp(base_ + random.Next(-30, 30), 0, 255);
                return (Channel(40 * block + x / 8), Channel(200 - 35 * block), Channel(90 + y / 5));
            }
        );
    }

    /// <summary>All windows, row by row, normalised: [12, 3, 224, 224].</summary>
    private string Windows(Image image, ImageEncoderSpec encoder)
    {
        var values = new List<float>();
        int count = 0;
        for (int top = 0; top + Crop <= Height; top += Stride)
        {
            for (int left = 0; left + Crop <= Width; left += Stride, count++)
            {
                for (int c = 0; c < 3; c++)
                    for (int y = top; y < top + Crop; y++)
                        for (int x = left; x < left + Crop; x++)
                        {
                            float value = image.Pixels.Span[3 * (y * Width + x) + c] / 255f;
                            values.Add((value - encoder.Mean[c]) / encoder.Std[c]);
                        }
            }
        }
        string path = _folder.At("windows.npy");
        NpyFile.Write<float>(path, [count, 3, Crop, Crop], values.ToArray());
        return path;
    }

    /// <summary>[prompts, D]: unit means of the templates' unit embeddings.</summary>
    private NdArray<float> Text(ModelBundle bundle, ImportOptions options)
    {
        var tokenizer = ClipTokenizer.Open(bundle.Text.Tokenizer, bundle.PathOf);
        int context = bundle.Text.ContextLength;
        var ids = s_classes
            .Prompts.SelectMany(prompt =>
                s_templates.Select(template =>
                    tokenizer.Encode(template.Replace("{}", prompt, StringComparison.Ordinal))
                )
            )
            .SelectMany(text => text.Concat(Enumerable.Repeat(0L, context - text.Count)))
            .ToArray();
        string path = _folder.At("ids.npy");
        NpyFile.Write<long>(path, [ids.Length / context, context], ids);
        var embeddings = ReferenceEncoders.Compute(
            _folder,
            "clip",
            options.Clip,
            path,
            "--text",
            "--activation",
            "quick_gelu"
        );
        int dimensions = embeddings.Shape[1];
        double[] Unit(IEnumerable<double> vector)
        {
            double[] values = [.. vector];
            double length = Math.Sqrt(values.Sum(value => value * value));
            return [.. values.Select(value => value / length)];
        }
        double[] Row(int row) =>
            Unit(embeddings.Span.Slice(row * dimensions, dimensions).ToArray().Select(value => (double)value));
        var means = Enumerable
            .Range(0, s_classes.Prompts.Length)
            .SelectMany(prompt => Unit(Row(2 * prompt).Zip(Row(2 * prompt + 1), (a, b) => a + b)));
        return new NdArray<float>([s_classes.Prompts.Length, dimensions], [.. means.Select(value => (float)value)]);
    }
}
