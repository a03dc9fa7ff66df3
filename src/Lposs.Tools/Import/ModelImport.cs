using System.Collections.Immutable;
using System.Globalization;
using Lposs.Bundles;
using Lposs.Encoders;
using Lposs.Files;
using Lposs.Tokenization;
using Lposs.Tools.Import.Exporter;
using Lposs.Tools.Import.Weights;

namespace Lposs.Tools.Import;

/// <summary>What an import made.</summary>
/// <param name="Bundle">The bundle, opened and verified.</param>
/// <param name="Activation">Of CLIP.</param>
/// <param name="Notes">What was taken for granted, in sentences.</param>
public sealed record ImportReport(ModelBundle Bundle, Activation Activation, IReadOnlyList<string> Notes);

/// <summary>
/// Published weights of CLIP and DINO in, a model bundle out: both are built as ONNX graphs, tried once, and appear
/// whole or not at all. What does not fit comes to light before anything large is read or written, but for numbers that
/// are not finite; weights go from file to file one by one.
/// </summary>
public static class ModelImport
{
    private const string ClipImage = "clip_image.onnx";
    private const string ClipText = "clip_text.onnx";
    private const string Dino = "dino.onnx";

    /// <summary>CLIP's, the same for all that were published (openai/CLIP, open_clip).</summary>
    private static readonly ImmutableArray<float> s_clipMean = [0.48145466f, 0.4578275f, 0.40821073f];

    private static readonly ImmutableArray<float> s_clipStd = [0.26862954f, 0.26130258f, 0.27577711f];

    /// <summary>ImageNet's, of DINO and DINOv2.</summary>
    private static readonly ImmutableArray<float> s_dinoMean = [0.485f, 0.456f, 0.406f];

    private static readonly ImmutableArray<float> s_dinoStd = [0.229f, 0.224f, 0.225f];

    /// <summary>Makes a bundle in <paramref name="folder"/>.</summary>
    /// <param name="options">What of.</param>
    /// <param name="folder">Must not be there yet, or be replaced.</param>
    /// <param name="overwrite">Whether a bundle that is there is replaced.</param>
    /// <param name="progress">Told what is being done, in a few words; may be null.</param>
    /// <param name="cancellationToken">Looked at between encoders.</param>
    /// <exception cref="LpossException">The files do not fit each other, the activation is not known, or the folder is
    /// there.</exception>
    /// <exception cref="LpossException">A file is cut, another model's, or has a tensor missing, misshapen or too
    /// many.</exception>
    /// <exception cref="LpossException">The vocabulary is wrong, or what was made does not run.</exception>
    /// <exception cref="IOException">Something cannot be written.</exception>
    public static ImportReport Run(
        ImportOptions options,
        string folder,
        bool overwrite = false,
        IProgress<string>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        using var target = new BundleFolder(folder, overwrite, Inputs(options));
        var configuration = options.ClipConfiguration is { } path ? ClipConfiguration.Read(path) : null;
        var activation = ActivationOf(options, configuration);
        using var clipWeights = WeightFiles.Open(options.Clip);
        using var dinoWeights = WeightFiles.Open(options.Dino);
        var (vlm, text, vocabulary) = BuildClip(options, configuration, activation, clipWeights);
        var vm = DinoGraph.Build(dinoWeights, options.Feature, options.Precision);
        var tokenizer = CopyTokenizer(target, options);
        RequireVocabulary(options, tokenizer, vocabulary);

        Write(target, ClipImage, vlm, "CLIP's image encoder", progress, cancellationToken);
        Write(target, ClipText, text, "CLIP's text encoder", progress, cancellationToken);
        Write(target, Dino, vm, "DINO's encoder", progress, cancellationToken);
        var manifest = new BundleManifest
        {
            Name = options.Name ?? target.Name,
            Description = Describe(options),
            Licence = options.Licence,
            Origin =
                options.Origin
                ?? $"imported from {Path.GetFileName(options.Clip)} and {Path.GetFileName(options.Dino)}",
            Vlm = new ImageEncoderSpec(
                ClipImage,
                vlm.Input,
                vlm.Output,
                configuration?.Mean ?? s_clipMean,
                configuration?.Std ?? s_clipStd,
                vlm.Size
            ),
            Vm = new ImageEncoderSpec(Dino, vm.Input, vm.Output, s_dinoMean, s_dinoStd, vm.Size),
            Text = new TextEncoderSpec(ClipText, text.Input, text.Output, text.Size, tokenizer, options.Templates),
        };
        target.WriteManifest(manifest);
        progress?.Report("trying the encoders");
        var selfTest = ModelSelfTest.Record(
            ModelBundle.Open(target.Unfinished),
            options.Precision == Precision.F16 ? SelfTest.HalfTolerance : SelfTest.SingleTolerance,
            cancellationToken
        );
        AtomicFile.Write(target.PathOf(SelfTest.FileName), selfTest.Write);
        target.Add(SelfTest.FileName);
        target.WriteManifest(manifest with { SelfTest = SelfTest.FileName });
        return new ImportReport(ModelBundle.Open(target.Finish()), activation, Notes(options, configuration));
    }

    private static IEnumerable<string> Inputs(ImportOptions options) =>
        new[]
        {
            options.Clip,
            options.Dino,
            options.Vocabulary,
            options.Merges,
            options.ClipConfiguration,
        }.OfType<string>();

    private static (EncoderGraph Image, EncoderGraph Text, int Vocabulary) BuildClip(
        ImportOptions options,
        ClipConfiguration? configuration,
        Activation activation,
        WeightSet weights
    )
    {
        var clip = ClipWeights.Of(weights);
        var image = ClipImageGraph.Build(
            clip,
            options.Variant,
            activation,
            options.Precision,
            configuration?.Image.Heads
        );
        var text = ClipTextGraph.Build(clip, activation, options.Precision, configuration?.Text.Heads);
        clip.RejectUnknown();
        if (configuration is not null)
        {
            configuration.Image.RequireThoseOf(configuration.Path, options.Clip, "image", "patch size", image);
            configuration.Text.RequireThoseOf(configuration.Path, options.Clip, "text", "context", text);
        }
        if (image.Dimensions != text.Dimensions)
            throw new LpossException(
                LpossErrorCode.ImportFailed,
                $"{options.Clip} gives images {image.Dimensions} numbers and texts {text.Dimensions}; they must share "
                    + "one space."
            );
        return (image, text, clip.VocabularySize);
    }

    /// <summary>What was taken for granted.</summary>
    private static List<string> Notes(ImportOptions options, ClipConfiguration? configuration)
    {
        var notes = new List<string>();
        if (options.Activation is null && configuration is { IsActivationSaid: false })
            notes.Add(
                $"{configuration.Path} names no hidden_act; {configuration.Activation} was taken, as Hugging Face's "
                    + "program does"
            );
        if (configuration?.Mean is null || configuration.Std is null)
            notes.Add(
                "no configuration says how CLIP's pixels are normalised; CLIP's published mean and std were taken"
            );
        return notes;
    }

    /// <summary>The activation decides every feature, and weights do not tell it: it is said, or read, never
    /// guessed.</summary>
    private static Activation ActivationOf(ImportOptions options, ClipConfiguration? configuration)
    {
        if (configuration is null)
        {
            return options.Activation
                ?? throw new LpossException(
                    LpossErrorCode.ImportFailed,
                    $"{options.Clip} does not tell whether it was trained with GELU or QuickGELU; give its "
                        + "configuration (open_clip_config.json or config.json), or the activation itself."
                )
                {
                    Argument = nameof(ImportOptions.Activation),
                };
        }
        return options.Activation is not { } asked || asked == configuration.Activation ? configuration.Activation
            : !configuration.IsActivationSaid ? asked
            : throw new LpossException(
                LpossErrorCode.ImportFailed,
                $"{options.ClipConfiguration} says {configuration.Activation}, and {asked} was asked for; leave one "
                    + "of them out."
            );
    }

    private static void Write(
        BundleFolder target,
        string file,
        EncoderGraph encoder,
        string what,
        IProgress<string>? progress,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        progress?.Report($"writing {what}");
        foreach (string path in GraphFile.Write(target.PathOf(file), encoder.Graph))
            target.Add(Path.GetFileName(path));
    }

    private static TokenizerSpec CopyTokenizer(BundleFolder target, ImportOptions options)
    {
        var files = new Dictionary<string, string>();
        void Copy(string role, string path)
        {
            files[role] = Path.GetFileName(path);
            target.Copy(path);
        }
        bool isPair = options.Vocabulary.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        if (isPair != options.Merges is not null)
        {
            throw new LpossException(
                LpossErrorCode.ImportFailed,
                isPair
                    ? $"{options.Vocabulary} needs its merges.txt."
                    : $"{options.Vocabulary} is a list of byte pairs, which has its merges in it; leave "
                        + $"{options.Merges} out."
            )
            {
                Argument = isPair ? nameof(ImportOptions.Merges) : null,
            };
        }
        Copy(isPair ? TokenizerSpec.Vocabulary : TokenizerSpec.BytePairs, options.Vocabulary);
        if (options.Merges is not null)
            Copy(TokenizerSpec.Merges, options.Merges);
        return new TokenizerSpec(files, TokenizerSpec.ClipStart, TokenizerSpec.ClipEnd);
    }

    private static string Describe(ImportOptions options) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"CLIP with {options.Variant} scores, DINO's {options.Feature.ToString().ToLowerInvariant()}s compare; "
                + $"{options.Precision switch { Precision.F16 => "float16", _ => "float32" }}, "
                + $"{options.Templates.Count} prompt templates."
        );

    /// <summary>A text's embedding is taken at its largest id, which must be the end token's.</summary>
    private static void RequireVocabulary(ImportOptions options, TokenizerSpec spec, int vocabulary)
    {
        // From where the user has them, so that messages name them.
        string PathOf(string file) =>
            file == Path.GetFileName(options.Vocabulary) ? options.Vocabulary : options.Merges!;
        long end = ClipTokenizer.Open(spec, PathOf).Encode("")[^1];
        if (end != vocabulary - 1)
            throw new LpossException(
                LpossErrorCode.ImportFailed,
                $"{options.Vocabulary} has the end token {end}, and the weights know {vocabulary} tokens, of which it "
                    + "must be the last; it belongs to another model."
            );
    }
}
