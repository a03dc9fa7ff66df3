using System.CommandLine;

namespace Lposs.Cli.Options;

/// <summary>How far the method goes: one mode, or several for a command that compares them.</summary>
internal sealed class ModeOption : OptionGroup
{
    private const string Default = "lposs+";

    private const string Meaning =
        "How far to go: vlm, the vision-language model's own scores; lposs, propagated over patches; lposs+, and "
        + "over pixels.";

    private static readonly (string Word, SegmentationMode Mode)[] s_modes =
    [
        ("vlm", SegmentationMode.Vlm),
        ("lposs", SegmentationMode.Lposs),
        (Default, SegmentationMode.LpossPlus),
    ];

    private readonly Option<string> _option;

    /// <param name="takesSeveral">Whether several may be named.</param>
    public ModeOption(bool takesSeveral = false)
    {
        string words = string.Join('|', s_modes.Select(mode => mode.Word));
        _option = new Option<string>("--mode")
        {
            Description = takesSeveral
                ? Meaning + " Or several, with commas between, of images that are encoded once."
                : Meaning,
            HelpName = takesSeveral ? words + ",..." : words,
            DefaultValueFactory = _ => Default,
        };
        _option.Validators.Add(result =>
        {
            string text = result.Tokens.Count == 0 ? Default : result.Tokens[0].Value;
            string[] named = takesSeveral ? Words(text) : [text];
            if (named.FirstOrDefault(word => s_modes.All(mode => mode.Word != word)) is { } unknown)
                result.AddError(
                    $"--mode is '{unknown}'; it must be {string.Join(" or ", s_modes.Select(mode => mode.Word))}"
                );
            else if (named.Distinct().Count() != named.Length)
                result.AddError($"--mode is '{text}'; it may name each mode once");
        });
        _option.CompletionSources.Add([.. s_modes.Select(mode => mode.Word)]);
    }

    public override IReadOnlyList<CommandPart> Parts => [_option];

    public static string Word(SegmentationMode mode) => s_modes.First(known => known.Mode == mode).Word;

    public SegmentationMode Read(ParseResult parse) => ReadAll(parse).Single();

    /// <summary>In the order of the command line.</summary>
    public IReadOnlyList<SegmentationMode> ReadAll(ParseResult parse) =>
        [.. Words(parse.GetRequiredValue(_option)).Select(word => s_modes.First(known => known.Word == word).Mode)];

    private static string[] Words(string text) => text.Split(',', StringSplitOptions.TrimEntries);
}
