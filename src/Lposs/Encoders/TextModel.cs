using Lposs.Tokenization;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Lposs.Encoders;

/// <summary>
/// The text encoder's file and its tokenizer, opened. Each prompt is put into every template; the unit embeddings of
/// these texts are averaged and the mean made unit again, as CLIP does. The texts of one prompt share runs, sorted by
/// their length, and no other prompt's: so an embedding is the same bits whatever is encoded beside it.
/// </summary>
internal sealed class TextModel : IDisposable
{
    private const int Free = -1;

    // More give no more speed: the weights are read once for some 200 tokens.
    private const int TextsPerRun = 16;

    private readonly OnnxSession _session;
    private readonly ClipTokenizer _tokenizer;
    private readonly TextEncoderSpec _spec;
    private readonly int _textsPerRun;
    private readonly int _threads;

    /// <exception cref="LpossException">The file is no model, its input or output is not as the manifest says, the
    /// vocabulary is wrong, or the device cannot be used.</exception>
    public TextModel(IEncoderFiles bundle, EncoderOptions options)
    {
        _spec = bundle.Text;
        _tokenizer = ClipTokenizer.Open(_spec.Tokenizer, bundle.PathOf);
        _session = new OnnxSession(bundle.PathOf(_spec.File), options);
        try
        {
            var input = _session.RequireInput(_spec.Input, TensorElementType.Int64, rank: 2);
            if (input[1] != Free && input[1] != _spec.ContextLength)
                throw _session.Error(
                    $"takes {input[1]} tokens, and the manifest's context_length is {_spec.ContextLength}."
                );
            if (input[0] is not (1 or Free))
                throw _session.Error($"takes batches of {input[0]} only; the batch must be free or 1.");
            _textsPerRun = input[0] == 1 ? 1 : TextsPerRun;
            _threads = options.Device == EncoderDevice.Cpu ? EncoderThreads.Of(options) : 1;
            _session.RequireOutput(_spec.Output, leastRank: 2, mostRank: 2);
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    /// <summary>The embeddings of prompts. Of a text that is longer than the context the first tokens stay, and the
    /// last one becomes the end token, as in CLIP's program.</summary>
    /// <exception cref="LpossException">The model fails or gives something other than finite vectors.</exception>
    public PromptEmbedding[] Encode(IReadOnlyList<string> prompts, CancellationToken cancellationToken)
    {
        var tokens = prompts.Select(Tokenize).ToArray();
        float[][][] embedded = [.. tokens.Select(texts => new float[texts.Length][])];
        (int Prompt, int[] Texts)[] runs =
        [
            .. Enumerable
                .Range(0, prompts.Count)
                .SelectMany(prompt =>
                    Enumerable
                        .Range(0, tokens[prompt].Length)
                        .OrderBy(text => tokens[prompt][text].Count)
                        .Chunk(_textsPerRun)
                        .Select(texts => (prompt, texts))
                ),
        ];
        EncoderThreads.ForEach(
            runs.Length,
            _threads,
            run => Run(runs[run].Texts, tokens[runs[run].Prompt], embedded[runs[run].Prompt]),
            cancellationToken
        );
        int dimensions = embedded[0][0].Length;
        if (embedded.SelectMany(texts => texts).FirstOrDefault(text => text.Length != dimensions) is { } other)
            throw _session.Error($"gives embeddings of {dimensions} and of {other.Length} numbers.");
        return
        [
            .. prompts.Select(
                (prompt, i) =>
                    new PromptEmbedding(
                        MeanOf(embedded[i], prompt),
                        tokens[i].Any(text => text.Count > _spec.ContextLength)
                    )
            ),
        ];
    }

    public void Dispose() => _session.Dispose();

    private IReadOnlyList<long>[] Tokenize(string prompt) =>
        [
            .. _spec.Templates.Select(template =>
                _tokenizer.Encode(template.Replace("{}", prompt, StringComparison.Ordinal))
            ),
        ];

    /// <summary>Embeds some of the texts of one prompt.</summary>
    private void Run(int[] texts, IReadOnlyList<long>[] tokens, float[][] embedded)
    {
        int context = _spec.ContextLength;
        // What follows the end token is 0, as in the original.
        long[] input = new long[checked(texts.Length * context)];
        for (int row = 0; row < texts.Length; row++)
        {
            var ids = tokens[texts[row]];
            for (int i = 0; i < Math.Min(ids.Count, context); i++)
                input[row * context + i] = ids[i];
            if (ids.Count > context)
                input[row * context + context - 1] = ids[^1];
        }
        using var results = _session.Run<long>(
            _spec.Input,
            input,
            TensorElementType.Int64,
            [texts.Length, context],
            [_spec.Output]
        );
        long[] shape = results[0].GetTensorTypeAndShape().Shape;
        if (shape[0] != texts.Length || shape[1] is < 1 or > 65_536)
            throw _session.Error(
                $"gives output {_spec.Output} the shape {string.Join(" x ", shape)} for {texts.Length} texts; it must "
                    + $"be {texts.Length} x D."
            );
        var values = results[0].GetTensorDataAsSpan<float>();
        int dimensions = (int)shape[1];
        for (int row = 0; row < texts.Length; row++)
            embedded[texts[row]] = values.Slice(row * dimensions, dimensions).ToArray();
    }

    /// <summary>The unit mean of the unit embeddings of a prompt's texts, in the order of the templates.</summary>
    private float[] MeanOf(float[][] texts, string prompt)
    {
        double[] sum = new double[texts[0].Length];
        foreach (float[] text in texts)
        {
            double[] unit = [.. text];
            Normalise(unit, prompt);
            for (int d = 0; d < sum.Length; d++)
                sum[d] += unit[d];
        }
        Normalise(sum, prompt);
        return [.. sum.Select(value => (float)value)];
    }

    private void Normalise(double[] vector, string prompt)
    {
        double norm = Math.Sqrt(vector.Sum(x => x * x));
        if (!double.IsFinite(norm) || norm == 0)
            throw _session.Error(
                $"gives the prompt '{prompt}' an embedding of length {norm}; it must be finite and above 0."
            );
        for (int d = 0; d < vector.Length; d++)
            vector[d] /= norm;
    }
}
