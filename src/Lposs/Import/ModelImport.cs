using System.Collections.Immutable;
using System.Globalization;
using Lposs.Encoding;
using Lposs.Files;
using Lposs.Models;
using Lposs.Onnx;
using Lposs.Towers;
using Lposs.Weights;

namespace Lposs.Import;

/// <summary>What an import made.</summary>
/// <param name="Bundle">The bundle, opened and verified.</param>
/// <param name="Activation">Of CLIP.</param>
/// <param name="Notes">What was taken for granted, in sentences.</param>
public sealed record ImportReport(ModelBundle Bundle, Activation Activation, IReadOnlyList<string> Notes);

/// <summary>
/// Published weights of CLIP and DINO in, a model bundle out: both are built as ONNX graphs, tried once, and appear
/// whole or not at all. At most one tower is in memory.
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
    /// <param name="replace">Whether a folder that is there is replaced, if it is a bundle.</param>
    /// <param name="progress">Told what is being done, in a few words; may be null.</param>
    /// <param name="cancellation">Looked at between towers.</param>
    /// <exception cref="ImportException">The files do not fit each other, the activation is not known, or the folder is there.</exception>
    /// <exception cref="WeightsException">A file is cut, another model's, or has a tensor missing, misshapen or too many.</exception>
    /// <exception cref="ModelBundleException">The vocabulary is wrong, or what was made does not run.</exception>
    /// <exception cref="IOException">Something cannot be written.</exception>
    public static ImportReport Run(
        ImportOptions options, string folder, bool replace = false, Action<string>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        using var target = new BundleFolder(folder, replace);
        var notes = new List<string>();
        var configuration = options.ClipConfiguration is { } path ? ClipConfiguration.Read(path) : null;
        var activation = ActivationOf(options, configuration);
        if (configuration?.Mean is null || configuration.Std is null)
            notes.Add("no configuration says how CLIP's pixels are normalised; CLIP's published mean and std were taken");

        BuiltTower vlm, text, vm;
        int vocabulary;
        using (var weights = WeightFiles.Open(options.Clip))
        {
            var clip = ClipWeights.Of(weights);
            progress?.Invoke($"building CLIP's image tower ({clip.Naming} names)");
            vlm = Write(target, ClipImage, ClipImageTower.Build(clip, options.Variant, activation, options.Precision), cancellation);
            progress?.Invoke("building CLIP's text tower");
            text = Write(target, ClipText, ClipTextTower.Build(clip, activation, options.Precision), cancellation);
            vocabulary = clip.VocabularySize;
            clip.RefuseOthers();
        }
        using (var weights = WeightFiles.Open(options.Dino))
        {
            progress?.Invoke("building DINO's tower");
            vm = Write(target, Dino, DinoTower.Build(weights, options.Feature, options.Precision), cancellation);
        }
        if (vlm.Dimensions != text.Dimensions)
            throw new ImportException($"{options.Clip} gives pictures {vlm.Dimensions} numbers and texts {text.Dimensions}; they must share one space.");

        var tokenizer = CopyTokenizer(target, options);
        progress?.Invoke("writing the manifest");
        var manifest = new BundleManifest
        {
            Name = options.Name ?? target.Name,
            Description = Describe(options),
            Licence = options.Licence,
            Origin = options.Origin ?? $"imported from {Path.GetFileName(options.Clip)} and {Path.GetFileName(options.Dino)}",
            Vlm = new ImageEncoderSpec(
                ClipImage, vlm.Input, vlm.Output, configuration?.Mean ?? s_clipMean, configuration?.Std ?? s_clipStd, vlm.Size),
            Vm = new ImageEncoderSpec(Dino, vm.Input, vm.Output, s_dinoMean, s_dinoStd, vm.Size),
            Text = new TextEncoderSpec(ClipText, text.Input, text.Output, text.Size, tokenizer, options.Templates),
        };
        target.WriteManifest(manifest);
        progress?.Invoke("trying the encoders");
        var unfinished = ModelBundle.Open(target.Unfinished);
        RequireVocabulary(unfinished, options, vocabulary);
        var selfTest = ModelSelfTest.Record(unfinished, options.Precision == Precision.F16 ? SelfTest.HalfTolerance : SelfTest.SingleTolerance, cancellation);
        AtomicFile.Write(target.PathOf(SelfTest.FileName), selfTest.Write);
        target.Add(SelfTest.FileName);
        target.WriteManifest(manifest with { SelfTest = SelfTest.FileName });
        return new ImportReport(ModelBundle.Open(target.Finish()), activation, notes);
    }

    /// <summary>The activation decides every feature, and weights do not tell it: it is said, or read, never guessed.</summary>
    private static Activation ActivationOf(ImportOptions options, ClipConfiguration? configuration)
    {
        if (configuration is null)
        {
            return options.Activation ?? throw new ImportException(
                $"{options.Clip} does not tell whether it was trained with GELU or QuickGELU; give its configuration (open_clip_config.json or config.json), or the activation itself.");
        }
        return options.Activation is null || options.Activation == configuration.Activation
            ? configuration.Activation
            : throw new ImportException($"{options.ClipConfiguration} says {configuration.Activation}, and {options.Activation} was asked for; leave one of them out.");
    }

    private static BuiltTower Write(BundleFolder target, string file, BuiltTower tower, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        foreach (string path in GraphFile.Write(target.PathOf(file), tower.Graph))
            target.Add(Path.GetFileName(path));
        return tower with { Graph = new() }; // the weights are on the disk now
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
            throw new ImportException(isPair
                ? $"{options.Vocabulary} needs its merges.txt."
                : $"{options.Vocabulary} is a list of byte pairs, which has its merges in it; leave {options.Merges} out.");
        }
        Copy(isPair ? TokenizerSpec.Vocabulary : TokenizerSpec.BytePairs, options.Vocabulary);
        if (options.Merges is not null)
            Copy(TokenizerSpec.Merges, options.Merges);
        return new TokenizerSpec(files, TokenizerSpec.ClipStart, TokenizerSpec.ClipEnd);
    }

    private static string Describe(ImportOptions options) => string.Create(CultureInfo.InvariantCulture,
        $"CLIP with {options.Variant} scores, DINO's {options.Feature.ToString().ToLowerInvariant()}s compare; {options.Precision switch { Precision.F16 => "float16", _ => "float32" }}, {options.Templates.Count} prompt templates.");

    /// <summary>A text's embedding is taken at its largest id, which must be the end token's.</summary>
    private static void RequireVocabulary(ModelBundle bundle, ImportOptions options, int vocabulary)
    {
        long end = ClipTokenizer.Open(bundle).Encode("")[^1];
        if (end != vocabulary - 1)
            throw new ImportException($"{options.Vocabulary} has the end token {end}, and the weights know {vocabulary} tokens, of which it must be the last; it belongs to another model.");
    }
}
