using Lposs.Bundles;
using Lposs.Encoders;
using Lposs.Pipeline;
using Lposs.Tests.Support;
using Lposs.Tools.Evaluation;
using Xunit;

namespace Lposs.Tests.Segmentation;

/// <summary>The patch graph of the vision-language model's own features.</summary>
public sealed class AppearanceFeaturesTests
{
    private static readonly ClassList s_classes = ClassList.Parse("sky, road; street, tree");

    [Fact]
    public void It_is_propagation_with_vlm_in_the_place_of_vm_and_the_vision_model_does_not_run()
    {
        var bundle = ModelBundle.OpenDefault();
        using var segmenter = new Segmenter(bundle, new SegmenterOptions { Device = DevicePreference.Cpu });
        using var text = new TextEncoder(bundle);
        using var propagator = new Propagator(new ComputeOptions { Device = DevicePreference.Cpu });
        var image = TestImages.Scene(300, 224);
        var settings = new SegmentationSettings
        {
            Appearance = AppearanceFeatures.Vlm,
            ShortSide = 224,
            WithScores = true,
        };

        var encoded = segmenter.Encode(image, settings);
        var result = segmenter.Segment(encoded, s_classes, settings);

        Assert.Null(encoded.Vm);
        Assert.Same(image, encoded.ModelInput);
        var vlm = new NdArray<float>([encoded.Vlm.Patches, encoded.Vlm.Dimensions], encoded.Vlm.Values.ToArray());
        var prompts = text.Encode(s_classes);
        var expected = propagator.Propagate(
            new PropagationInputs
            {
                Image = image,
                Vlm = vlm,
                Vm = vlm,
                Text = new NdArray<float>([prompts.Prompts, prompts.Dimensions], prompts.Values.ToArray()),
                PromptClasses = [.. s_classes.PromptClasses],
                Crop = bundle.Image.Crop,
                Stride = bundle.Image.Stride,
                PatchSize = encoded.PatchSize,
            },
            new PropagationSettings { Parameters = bundle.Parameters, WithScores = true }
        );
        Assert.Equal(expected.Scores!.Span.ToArray(), result.Scores!.Span.ToArray());

        var usual = segmenter.Segment(image, s_classes, settings with { Appearance = AppearanceFeatures.Vm });
        Assert.NotEqual(usual.Scores!.Span.ToArray(), result.Scores!.Span.ToArray());
        Assert.Contains(
            "vision model",
            Assert
                .Throws<ArgumentException>(() =>
                    segmenter.Segment(encoded, s_classes, settings with { Appearance = AppearanceFeatures.Vm })
                )
                .Message,
            StringComparison.Ordinal
        );
    }
}
