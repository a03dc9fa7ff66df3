using System.Text.Json.Nodes;
using Lposs.Bundles;
using Lposs.Encoders;
using Lposs.Tests.Support;
using Lposs.Tools.Import;
using Xunit;

namespace Lposs.Tests.Encoders;

public sealed class TextEncoderTests
{
    private static readonly EncoderOptions s_oneThread = new() { Threads = 1 };

    [Fact]
    public void Every_prompt_has_a_unit_embedding_of_its_own()
    {
        using var encoder = new TextEncoder(ModelBundle.OpenDefault(), s_oneThread);

        var embeddings = encoder.Encode(ClassList.Parse("sky, road; street, car"));

        Assert.Equal((4, 64), (embeddings.Prompts, embeddings.Dimensions));
        for (int prompt = 0; prompt < 4; prompt++)
            Assert.Equal(1, Dot(embeddings.Row(prompt), embeddings.Row(prompt)), 1e-5);
        // Names of one thing lie closer than names of two.
        Assert.True(Dot(embeddings.Row(1), embeddings.Row(2)) > 0.9);
        Assert.True(Dot(embeddings.Row(0), embeddings.Row(3)) < 0.5);
    }

    /// <summary>Stored numbers, made once by ONNX Runtime 1.29.0 through this class: they tell a change, not the
    /// truth.</summary>
    [Fact]
    public void The_bundled_model_gives_the_numbers_it_gave()
    {
        using var encoder = new TextEncoder(ModelBundle.OpenDefault(), s_oneThread);

        var embeddings = encoder.Encode(ClassList.Parse("tree"));

        float[] expected = [0.02572f, -0.01488f, 0.09107f, 0.08532f, -0.07266f, 0.10383f];
        float[] actual = embeddings.Row(0)[..expected.Length].ToArray();
        Assert.True(
            expected.Zip(actual, (e, a) => Math.Abs(e - a) <= 1e-4f).All(near => near),
            $"it gave {string.Join(", ", actual)}"
        );
    }

    [Fact]
    public void Templates_are_averaged_as_unit_vectors_and_the_mean_made_unit()
    {
        string[] templates = ["{}", "{} in the water", "red bus with {}"];
        var classes = ClassList.Parse("sky, traffic light");

        var all = Encode(classes, templates);
        var each = templates.Select(template => Encode(classes, template)).ToArray();

        for (int prompt = 0; prompt < 2; prompt++)
        {
            double[] mean = [.. Enumerable.Range(0, 64).Select(d => each.Average(e => (double)e.Row(prompt)[d]))];
            double norm = Math.Sqrt(mean.Sum(x => x * x));
            Assert.True(norm < 0.999, "the templates must differ for the test to say anything");
            for (int d = 0; d < 64; d++)
                Assert.Equal(mean[d] / norm, all.Row(prompt)[d], 1e-6);
        }
    }

    [Fact]
    public void A_prompt_that_was_encoded_before_is_not_encoded_again()
    {
        using var encoder = new TextEncoder(ModelBundle.OpenDefault(), s_oneThread);
        var cancelled = new CancellationToken(canceled: true); // Whoever computes looks at it.

        var first = encoder.Encode(ClassList.Parse("sky, road"));
        var again = encoder.Encode(ClassList.Parse("road, sky"), cancelled);

        Assert.Equal(first.Row(1).ToArray(), again.Row(0).ToArray());
        Assert.Equal(first.Row(0).ToArray(), again.Row(1).ToArray());
        Assert.Throws<OperationCanceledException>(() => encoder.Encode(ClassList.Parse("sky road"), cancelled));
    }

    [Fact]
    public void The_prompt_that_was_not_asked_for_longest_is_forgotten_first()
    {
        var memory = new PromptMemory(capacity: 2);
        var (a, b, c) = (Nothing(), Nothing(), Nothing());
        memory.Add("a", a);
        memory.Add("b", b);
        Assert.Same(a, memory.Find("a"));
        memory.Add("c", c);

        Assert.Null(memory.Find("b"));
        Assert.Same(a, memory.Find("a"));
        Assert.Same(c, memory.Find("c"));
        memory.Add("c", b);
        Assert.Same(b, memory.Find("c"));
        Assert.Same(a, memory.Find("a"));

        static PromptEmbedding Nothing() => new([], false);
    }

    /// <summary>In a run the shorter texts are padded to the longest; a causal tower does not look at what follows the
    /// end token.</summary>
    [Fact]
    public void Texts_of_several_lengths_in_one_run_give_what_each_gives_alone()
    {
        string[] templates =
        [
            .. Enumerable.Range(0, 20).Select(i => string.Join(' ', Enumerable.Repeat("car", i % 7).Append("{}"))),
        ];
        var classes = ClassList.Parse("sky, traffic light");

        var together = Encode(classes, templates);
        var alone = templates.Select(template => Encode(classes, template)).ToArray();

        for (int prompt = 0; prompt < 2; prompt++)
        {
            double[] mean = [.. Enumerable.Range(0, 64).Select(d => alone.Sum(e => (double)e.Row(prompt)[d]))];
            double norm = Math.Sqrt(mean.Sum(x => x * x));
            for (int d = 0; d < 64; d++)
                Assert.Equal(mean[d] / norm, together.Row(prompt)[d], 1e-6);
        }
    }

    [Fact]
    public void A_prompt_that_just_fits_the_context_is_taken_whole_and_a_longer_one_cut_to_it()
    {
        using var encoder = new TextEncoder(ModelBundle.OpenDefault(), s_oneThread);
        string fits = string.Join(' ', Enumerable.Repeat("car", 26)); // Beside start, "a photo of a", end: 32 tokens.

        var whole = encoder.Encode(ClassList.Parse($"sky, vehicle; {fits}"));
        var cut = encoder.Encode(ClassList.Parse($"sky, vehicle; {fits} car; {fits} tree"));

        Assert.Empty(whole.CutPrompts);
        Assert.Equal([2, 3], cut.CutPrompts.ToArray());
        for (int d = 0; d < 64; d++)
        {
            // The end token comes last in what is left, so that all three read the same.
            Assert.Equal(whole.Row(2)[d], cut.Row(2)[d], 1e-6f);
            Assert.Equal(whole.Row(2)[d], cut.Row(3)[d], 1e-6f);
        }
        Assert.NotEqual(whole.Row(1).ToArray(), cut.Row(2).ToArray());
    }

    [Fact]
    public void Encoding_can_be_cancelled()
    {
        using var encoder = new TextEncoder(ModelBundle.OpenDefault(), s_oneThread);
        Assert.Throws<OperationCanceledException>(() =>
            encoder.Encode(ClassList.Parse("sky"), new CancellationToken(canceled: true))
        );
    }

    [Theory]
    [InlineData("output", "\"embedding\"", "text.onnx has no output embedding, which the manifest names, but text.")]
    [InlineData("input", "\"tokens\"", "text.onnx has the inputs ids, and the manifest names one, tokens.")]
    [InlineData("context_length", "77", "text.onnx takes 32 tokens, and the manifest's context_length is 77.")]
    [InlineData("file", "\"image.onnx\"", "image.onnx has the inputs image, and the manifest names one, ids.")]
    public void A_manifest_that_does_not_fit_the_model_is_refused(string member, string value, string sentence)
    {
        using var folder = new TestBundle();
        folder.Edit(manifest => manifest["text"]![member] = JsonNode.Parse(value));
        Assert.Equal(sentence, Refusal(folder));
    }

    [Theory]
    [InlineData(
        OnnxModelFile.Float,
        new[] { -1, 32 },
        "same.onnx has an input ids of Float; it must be a tensor of Int64."
    )]
    [InlineData(
        OnnxModelFile.Int64,
        new[] { -1, 32 },
        "same.onnx has an output same of Int64; it must be a tensor of Float."
    )]
    [InlineData(OnnxModelFile.Int64, new[] { 32 }, "same.onnx has an input ids of 1 dimensions; it must have 2.")]
    [InlineData(
        OnnxModelFile.Int64,
        new[] { 3, 32 },
        "same.onnx takes batches of 3 only; the batch must be free or 1."
    )]
    public void A_model_of_another_kind_is_refused(int type, int[] shape, string sentence)
    {
        using var folder = new TestBundle();
        folder.Put("same.onnx", OnnxModelFile.Identity(type, shape, "ids"));
        folder.Edit(manifest =>
        {
            manifest["text"]!["file"] = "same.onnx";
            manifest["text"]!["output"] = "same";
        });
        Assert.Equal(sentence, Refusal(folder));
    }

    [Fact]
    public void A_vocabulary_that_is_larger_than_the_models_fails_in_one_sentence()
    {
        using var folder = new TestBundle();
        var ids = JsonNode.Parse(File.ReadAllText(folder.PathOf("vocab.json")))!.AsObject();
        ids["z"] = 5000; // beyond the model's tokens
        folder.Put("vocab.json", System.Text.Encoding.UTF8.GetBytes(ids.ToJsonString()));
        using var encoder = new TextEncoder(ModelBundle.Open(folder.Folder), s_oneThread);

        var refusal = Failing.With(LpossErrorCode.InvalidBundle, () => encoder.Encode(ClassList.Parse("zebra")));

        Assert.StartsWith(
            folder.PathOf("text.onnx failed on an input of 1 x 32: "),
            refusal.Message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain('\n', refusal.Message);
    }

    private static PromptEmbeddings Encode(ClassList classes, params string[] templates)
    {
        using var folder = new TestBundle();
        folder.Edit(manifest =>
            manifest["text"]!["templates"] = new JsonArray([.. templates.Select(t => JsonValue.Create(t))])
        );
        using var encoder = new TextEncoder(ModelBundle.Open(folder.Folder), s_oneThread);
        return encoder.Encode(classes);
    }

    private static string Refusal(TestBundle folder)
    {
        var bundle = ModelBundle.Open(folder.Folder);
        var refusal = Failing.With(LpossErrorCode.InvalidBundle, () => new TextEncoder(bundle, s_oneThread));
        return refusal.Message.Replace(folder.Folder + "/", "", StringComparison.Ordinal);
    }

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return sum;
    }
}
