using Lposs.Bundles;
using Lposs.Encoders;
using Lposs.Tests.Support;
using Xunit;

namespace Lposs.Tools.Tests.Mini;

/// <summary>
/// What src/mini exports gives in ONNX Runtime what it gives in PyTorch, for images of any whole number of patches; and
/// both sides cut texts into the same tokens, or their embeddings would differ.
/// </summary>
public sealed class ExportTests : IDisposable
{
    // Convolutions are rounded to float16 after their normalisations are folded into them: 8.3e-5 was seen.
    private const double Tolerance = 3e-4;

    private readonly TemporaryFolder _folder = new();

    [SkippableFact]
    public void An_exported_bundle_computes_what_PyTorch_does()
    {
        PythonScript.Run(
            "python3-numpy, python3-opencv, python3-torch, python3-onnx",
            Repository.PathOf("tests/mini/export_reference.py"),
            _folder.At(".")
        );
        var bundle = ModelBundle.Open(_folder.At("bundle"));

        using (var encoder = new ImageEncoder(bundle, new EncoderOptions { Threads = 1 }))
        {
            for (int i = 0; i < 3; i++)
            {
                var images = NpyFile.ReadSingle(_folder.At($"image_{i}.npy"));
                var (vlm, vm) = encoder.Encode(
                    new WindowPixels(images.Span.ToArray(), images.Shape[0], images.Shape[2], images.Shape[3])
                );
                AssertNear(
                    NpyFile.ReadSingle(_folder.At($"patch_{i}.npy")).Span,
                    vlm.Values.Span,
                    $"patch embeddings {i}"
                );
                AssertNear(NpyFile.ReadSingle(_folder.At($"vm_{i}.npy")).Span, vm.Values.Span, $"graph features {i}");
            }
        }

        // The bundle's template would be put around each text; here the texts are whole.
        string[] texts = File.ReadAllText(_folder.At("texts.txt")).Split('\n');
        using var text = new TextEncoder(bundle.WithTemplates(["{}"]), new EncoderOptions { Threads = 1 });
        var classes = new ClassList(
            texts.Select((prompt, i) => new ClassDefinition($"class {i}") { Prompts = [prompt] })
        );
        var embeddings = text.Encode(classes);
        var expected = NpyFile.ReadSingle(_folder.At("texts.npy"));
        for (int i = 0; i < texts.Length; i++)
            AssertNear(expected.Span.Slice(64 * i, 64), embeddings.Row(i), $"text '{texts[i]}'");
    }

    public void Dispose() => _folder.Dispose();

    private static void AssertNear(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        double distance = RelativeError.Of(expected, actual);
        Assert.True(distance <= Tolerance, $"{what}: relative L2 {distance:0.0e0}");
    }
}
