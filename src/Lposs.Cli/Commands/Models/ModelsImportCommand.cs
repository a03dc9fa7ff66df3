using System.CommandLine;
using System.Globalization;
using Lposs.Bundles;
using Lposs.Cli.Options;
using Lposs.Cli.Output;
using Lposs.Encoders;
using Lposs.Tools.Import;
using Lposs.Tools.Import.Exporter;

namespace Lposs.Cli.Commands.Models;

/// <summary><c>lposs models import</c>: published weights on the disk become a bundle.</summary>
internal sealed class ModelsImportCommand : ComputingCommand
{
    private const string FromConfiguration = "configuration";

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The bundle's folder, which is made.",
        HelpName = "DIR",
        Required = true,
    };

    private readonly Option<string?> _clip = FileOption.Create(
        "--clip",
        "FILE",
        "CLIP, image and text encoder: a .safetensors file, or the index of one in parts (.safetensors.index.json). "
            + "open_clip's, OpenAI's or Hugging Face's names.",
        isRequired: true
    );

    private readonly Option<string?> _configuration = FileOption.Create(
        "--clip-config",
        "FILE",
        "CLIP's own configuration, open_clip_config.json or config.json: says which activation the weights were "
            + "trained with."
    );

    private readonly Option<string?> _dino = FileOption.Create(
        "--dino",
        "FILE",
        "DINO or DINOv2 (S, B, L), likewise. The authors' or Hugging Face's names.",
        isRequired: true
    );

    private readonly Option<string?> _vocabulary = FileOption.Create(
        "--vocabulary",
        "FILE",
        "CLIP's byte pairs: bpe_simple_vocab_16e6.txt.gz, or a vocab.json.",
        isRequired: true
    );

    private readonly Option<string?> _merges = FileOption.Create(
        "--merges",
        "FILE",
        "The merges.txt beside a vocab.json."
    );

    private readonly Option<string> _templates = new("--templates")
    {
        Description = "Prompt templates: one (a photo of a {}.), imagenet (CLIP's 80), or a file with one a line.",
        HelpName = "one|imagenet|FILE",
        DefaultValueFactory = _ => PromptTemplates.ImageNetName,
    };

    private readonly Option<string?> _name = FileOption.Create(
        "--name",
        "TEXT",
        "The bundle's name. [default: the folder's]"
    );

    private readonly Option<string?> _licence = FileOption.Create(
        "--licence",
        "TEXT",
        "The licence of the weights, for models show."
    );

    private readonly Option<string?> _origin = FileOption.Create(
        "--origin",
        "TEXT",
        "Where the weights come from, for models show."
    );

    private readonly Option<bool> _force = new("--force") { Description = "Replace the folder if it is a bundle." };

    private readonly ChoiceOption<DenseVariant> _variant = new(
        "--vlm",
        "What CLIP's last block does so that patches keep features of their own; LPOSS uses maskclip.",
        "maskclip",
        ImportWords.Variants
    );

    private readonly ChoiceOption<Activation?> _activation = new(
        "--activation",
        "What CLIP was trained with, where there is no configuration.",
        FromConfiguration,
        [(FromConfiguration, null), .. ImportWords.Activations]
    );

    private readonly ChoiceOption<DinoFeature> _feature = new(
        "--dino-feature",
        "What of DINO's last block patches are compared by; LPOSS uses v.",
        "v",
        ImportWords.Features
    );

    private readonly ChoiceOption<Precision> _precision = new(
        "--precision",
        "Of the encoders; float16 is half as large and meant for GPUs.",
        "float32",
        ImportWords.Precisions
    );

    public ModelsImportCommand(CommandHost host)
        : base(
            host,
            "import",
            "Make a model bundle of published weights of CLIP and DINO: the encoders are built as ONNX graphs and "
                + "tried once. Needs no Python and no network."
        ) =>
        Takes(
            _output,
            _clip,
            _configuration,
            _dino,
            _vocabulary,
            _merges,
            _variant,
            _activation,
            _feature,
            _precision,
            _templates,
            _name,
            _licence,
            _origin,
            _force
        );

    protected override int Run(CommandCall call)
    {
        var (parse, output, cancellationToken) = call;
        var options = new ImportOptions
        {
            Clip = call.Required(_clip)!,
            ClipConfiguration = parse.GetValue(_configuration),
            Dino = call.Required(_dino)!,
            Vocabulary = call.Required(_vocabulary)!,
            Merges = parse.GetValue(_merges),
            Activation = _activation.Read(parse),
            Variant = _variant.Read(parse),
            Feature = _feature.Read(parse),
            Precision = _precision.Read(parse),
            Templates = PromptTemplates.Parse(parse.GetRequiredValue(_templates)),
            Name = parse.GetValue(_name),
            Origin = parse.GetValue(_origin),
        };
        if (parse.GetValue(_licence) is { } licence)
            options = options with { Licence = licence };
        var report = ModelImport.Run(
            options,
            parse.GetRequiredValue(_output),
            parse.GetValue(_force),
            output,
            cancellationToken
        );
        ImportSummary.Show(report, output);
        output.Document(ModelDocument.Of("models import", report.Bundle), JsonContext.Readable.ModelDocument);
        return ExitCode.Done;
    }
}

/// <summary>What an import made, for people.</summary>
internal static class ImportSummary
{
    public static void Show(ImportReport report, CommandOutput output)
    {
        foreach (string note in report.Notes)
            output.Note(note);
        var bundle = report.Bundle;
        output.Show(
            new ResultTable($"Made the model bundle {bundle.Name}", "", "")
                .Add("folder", bundle.Folder)
                .Add("what", bundle.Description)
                .Add("activation", report.Activation.ToString())
                .Add("bytes", bundle.Files.Sum(file => file.Bytes).ToString(CultureInfo.InvariantCulture))
                .Add("use it", $"lposs segment IMAGE -c CLASSES --model {bundle.Folder}")
        );
    }
}
