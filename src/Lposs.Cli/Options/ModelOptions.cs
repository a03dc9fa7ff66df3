using System.CommandLine;
using Lposs.Bundles;
using Lposs.Cli.Files;
using Lposs.Cli.Output;
using Lposs.Encoders;

namespace Lposs.Cli.Options;

/// <summary>Which encoders, and how they are used.</summary>
internal sealed class ModelOptions : OptionGroup
{
    private static readonly (string Word, AppearanceFeatures Value)[] s_appearances =
    [
        ("model", AppearanceFeatures.Vm),
        ("vlm", AppearanceFeatures.Vlm),
    ];

    private readonly Option<string?> _model = new("--model")
    {
        Description =
            "Folder of a model bundle, or the name of one in the cache; a folder wins. [default: the bundle that "
            + "comes with lposs: small encoders for coarse outdoor scenes]",
        HelpName = "DIR|NAME",
    };

    private readonly Option<string?> _templates = new("--templates")
    {
        Description =
            "Sentences that prompts are put into: one (a photo of a {}.), imagenet (CLIP's 80, averaged), or a file "
            + "with one a line. [default: the model's]",
        HelpName = "one|imagenet|FILE",
    };

    private readonly ChoiceOption<AppearanceFeatures> _appearance = new(
        "--vm",
        "What the patch graph compares: features of the model's vision encoder, or the vision-language encoder's own "
            + "(vlm), as in the "
            + "paper's first step; the vision encoder does not run then.",
        "model",
        s_appearances
    );

    public static string Word(AppearanceFeatures appearance) =>
        s_appearances.First(known => known.Value == appearance).Word;

    public override IReadOnlyList<CommandPart> Parts => [_model, _templates, _appearance];

    /// <summary>The bundle, with the templates that were asked for.</summary>
    public ModelBundle Open(ParseResult parse, CommandOutput output)
    {
        // An error in the templates comes to light before large files are read.
        var templates = parse.GetValue(_templates) is { } text ? PromptTemplates.Parse(text) : null;
        var bundle = ModelBundle.Open(ModelFolder.Of(parse.GetValue(_model), output));
        return templates is null ? bundle : bundle.WithTemplates(templates);
    }

    public AppearanceFeatures ReadAppearance(ParseResult parse) => _appearance.Read(parse);
}
