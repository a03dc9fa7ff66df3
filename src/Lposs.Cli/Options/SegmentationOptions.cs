using System.CommandLine;
using Lposs.Bundles;
using Lposs.Cli.Output;
using Lposs.Encoders;
using Lposs.Imaging;

namespace Lposs.Cli.Options;

/// <summary>How images are segmented by the encoders of a bundle; of segment, batch and eval run.</summary>
/// <param name="takesSeveralModes">Whether modes are compared.</param>
internal sealed class SegmentationOptions(bool takesSeveralModes = false) : OptionGroup
{
    private readonly Option<int?> _shortSide = NumberOption.Whole(
        "--short-side",
        "The short side that the encoders see an image with, in pixels; more shows smaller things and takes longer. "
            + "[default: the model's; the paper's is 448]",
        1,
        65_536
    );

    private readonly Option<bool> _noCache = new("--no-cache")
    {
        Description =
            "Compute the embeddings of all prompts, and keep none. [default: they are kept in lposs's cache folder, "
            + "see lposs cache info]",
    };

    private readonly ModelOptions _model = new();
    private readonly ModeOption _mode = new(takesSeveralModes);
    private readonly ParameterOptions _parameters = new(fromModel: true);
    private readonly DeviceOptions _device = new();
    private readonly ImageOptions _images = new();

    public override IReadOnlyList<CommandPart> Parts =>
        [_mode, _model, _shortSide, _parameters, _noCache, _device, _images];

    /// <summary>The modes, in the order of the command line.</summary>
    public IReadOnlyList<SegmentationMode> ReadModes(ParseResult parse) => _mode.ReadAll(parse);

    public ImageReadOptions ReadLimits(ParseResult parse) => _images.Read(parse);

    public ComputeOptions ReadDevice(ParseResult parse) => _device.Read(parse);

    public bool AskForConvergence(ParseResult parse) => _parameters.AskForConvergence(parse);

    /// <summary>The bundle, with the templates that were asked for.</summary>
    public ModelBundle OpenBundle(ParseResult parse, CommandOutput output)
    {
        output.Progress("opening the model");
        return _model.Open(parse, output);
    }

    public Segmenter OpenSegmenter(ParseResult parse, ModelBundle bundle) =>
        new(bundle, _device.ReadForSegmenter(parse) with { PromptCache = ReadCache(parse) });

    /// <summary>Where the embeddings of prompts are kept; null for nowhere.</summary>
    public PromptCache? ReadCache(ParseResult parse) =>
        parse.GetValue(_noCache) ? null : new PromptCache(PromptCache.DefaultFolder);

    /// <summary>The bundle's settings with those of the command line; of several modes, the one that needs most of the
    /// encoders.</summary>
    public SegmentationSettings ReadSettings(ParseResult parse, ModelBundle bundle) =>
        new()
        {
            Mode = ReadModes(parse).Max(),
            Appearance = _model.ReadAppearance(parse),
            ShortSide = parse.GetValue(_shortSide),
            Parameters = _parameters.Override(bundle.Parameters, parse),
        };
}
